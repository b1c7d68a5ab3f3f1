#pragma once

// Compiled for wide registers too, and the widest that the machine has is picked when the program starts: before a
// sanitizer is ready, hence not with one.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define TRUSTFALL_WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define TRUSTFALL_WIDE
#endif
