#!/bin/sh
exec python3 -m unittest discover -s tests
