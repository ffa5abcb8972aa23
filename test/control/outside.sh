# To be sourced by a call's root: waits until it is in its leaf, and prints when that was, in seconds since the epoch, and
# what memory it held by then, in kB.
until { read -r outside < "/proc/$$/cgroup" && [[ $outside == */acg/call-* ]]; }; do :; done
in_leaf_at=$EPOCHREALTIME
while read -r name value _; do
  [[ $name == RssAnon: ]] && echo "$in_leaf_at $value"
done < "/proc/$$/status"
