import unittest


class Passes(unittest.TestCase):
    def test_adds(self):
        self.assertEqual(1 + 1, 2)
