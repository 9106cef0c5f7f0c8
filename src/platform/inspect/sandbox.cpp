#include "inspect/sandbox.hpp"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "inspect/limits.hpp"

namespace parvis::inspect {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "name this architecture here (linux/audit.h)"
#endif

// Memory, the socket that is open, the end. Reading and writing are of descriptors that exist.
constexpr long kAllowed[] = {
    SYS_read,           SYS_write,           SYS_recvfrom,     SYS_sendto,       SYS_ppoll,
    SYS_munmap,         SYS_mremap,          SYS_madvise,      SYS_brk,          SYS_futex,
    SYS_exit,           SYS_exit_group,      SYS_rt_sigreturn, SYS_rt_sigaction, SYS_getpid,
    SYS_rt_sigprocmask, SYS_sigaltstack,     SYS_getrandom,    SYS_gettid,       SYS_clock_gettime,
    SYS_sched_yield,    SYS_restart_syscall,
#ifdef SYS_poll
    SYS_poll,
#endif
};
constexpr long kOfSanitizers[] = {
    SYS_pipe2,
    SYS_close,
#ifdef SYS_pipe
    SYS_pipe,
#endif
};
constexpr long kMapping[] = {SYS_mmap, SYS_mprotect};  // never of memory that runs

bool limit(int what, rlim_t most) {
  const rlimit value{.rlim_cur = most, .rlim_max = most};
  return ::setrlimit(static_cast<__rlimit_resource>(what), &value) == 0;
}

bool filter_calls() {
  const auto statement = [](int code, std::uint32_t k) {
    return sock_filter{static_cast<std::uint16_t>(code), 0, 0, k};
  };
  const auto jump = [](int code, std::uint32_t k, std::uint8_t yes, std::uint8_t no) {
    return sock_filter{static_cast<std::uint16_t>(code), yes, no, k};
  };
  constexpr int kLoad = BPF_LD | BPF_W | BPF_ABS;
  constexpr int kEqual = BPF_JMP | BPF_JEQ | BPF_K;
  constexpr int kReturn = BPF_RET | BPF_K;
  constexpr std::uint32_t kRefuse = SECCOMP_RET_ERRNO | EPERM;
  std::vector<sock_filter> program = {
      statement(kLoad, offsetof(seccomp_data, arch)),
      jump(kEqual, kArchitecture, 1, 0),
      statement(kReturn, SECCOMP_RET_KILL_PROCESS),
      statement(kLoad, offsetof(seccomp_data, nr)),
  };
  const auto allow = [&](long call) {
    program.push_back(jump(kEqual, static_cast<std::uint32_t>(call), 0, 1));
    program.push_back(statement(kReturn, SECCOMP_RET_ALLOW));
  };
  for (const long call : kAllowed) allow(call);
  if (kSanitized)
    for (const long call : kOfSanitizers) allow(call);
  for (const long call : kMapping) {
    program.push_back(jump(kEqual, static_cast<std::uint32_t>(call), 0, 4));
    // The low half of the third argument: this machine is little-endian.
    program.push_back(statement(kLoad, offsetof(seccomp_data, args) + 2 * sizeof(std::uint64_t)));
    program.push_back(jump(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1));
    program.push_back(statement(kReturn, kRefuse));
    program.push_back(statement(kReturn, SECCOMP_RET_ALLOW));
  }
  program.push_back(statement(kReturn, kRefuse));
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

}  // namespace

bool enter_sandbox() {
  return limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) &&
         limit(RLIMIT_CPU, static_cast<rlim_t>(kCpuMax.count())) &&
         (kSanitized || limit(RLIMIT_AS, kMemoryMax)) &&
         ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_DUMPABLE, 0) == 0 &&
         filter_calls();
}

}  // namespace parvis::inspect
