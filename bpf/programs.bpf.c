/*
 * All programs in one object: for each that it loads libbpf reads the kernel's types anew, some MB, which takes longer
 * than the rest of a load. Which of them a loader needs, it says (cli/watch/bpf/loaded-programs.ts).
 */
#include "exec.bpf.c"
#include "owner.bpf.c"

char LICENSE[] SEC("license") = "Dual BSD/GPL";
