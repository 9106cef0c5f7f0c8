// What a process that reads strangers' bytes gives up before its first one. Linux: rlimits and
// seccomp. Files cannot be opened, nor sockets, nor programs run, nor other processes touched:
// such calls fail with EPERM. What is open stays usable.
#pragma once

namespace parvis::inspect {

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

// The limits of limits.hpp, no core file, no file written. A sanitizer takes terabytes of addresses
// and asks with a pipe whether memory is there: under one memory has no limit, and pipes are
// allowed. For good. False when the system does not let it: then do not read those bytes.
bool enter_sandbox();

}  // namespace parvis::inspect
