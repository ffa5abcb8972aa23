import unittest


class Fails(unittest.TestCase):
    def test_adds_wrongly(self):
        self.assertEqual(1 + 1, 3)
