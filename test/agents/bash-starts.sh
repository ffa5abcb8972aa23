#!/usr/bin/env bash
# Prints, once a second, how many microseconds one start of bash took.
while :; do
  from=$EPOCHREALTIME
  bash -c :
  to=$EPOCHREALTIME
  echo $((${to/./} - ${from/./}))
  sleep 1
done
