#!/bin/sh
# Starts the agent as many launchers do: as a child, so that what the user typed is not the agent itself.
python3 "${0%/*}/agent.py" "$@"
