// Every bound of the server, with its default. Tests make them small.
#pragma once

#include <chrono>
#include <cstddef>

namespace parvis::http {

using namespace std::chrono_literals;

inline constexpr std::size_t kBodyBytes = 64 * 1024;  // of a request, unless its route says more
inline constexpr std::size_t kQueryValues = 64;       // pairs of a query or form
inline constexpr std::size_t kPathSegments = 16;
inline constexpr std::size_t kRateAddresses = 4096;       // remembered by one RateLimit
inline constexpr std::size_t kAssetBytes = 4 << 20;       // one static file
inline constexpr std::size_t kAssetsBytes = 64 << 20;     // all of them
inline constexpr std::chrono::seconds kRetryAfter = 2s;   // said with 503
inline constexpr std::size_t kEventIdBytes = 80;          // of an event's id, and of its type
inline constexpr std::size_t kEventBytes = 1 << 20;       // of an event's data
inline constexpr std::size_t kPageEvents = 1000;          // read by a stream at once
inline constexpr std::size_t kStreamPiece = 64 * 1024;    // bytes written to a stream at once
inline constexpr std::size_t kStreamHeard = 4096;         // bytes that its client may send in vain
inline constexpr std::size_t kStreamTries = 40;           // to read while the pool is full
inline constexpr std::size_t kReceivePiece = 256 * 1024;  // of a body handed on as it comes
inline constexpr std::size_t kReceiveRead = 64 * 1024;    // of it, read within one body_time
inline constexpr std::size_t kReceiveTries = 40;          // to hand it on while the pool is full

struct Limits {
  std::size_t header_bytes = 16 * 1024;  // request line and fields: 431
  std::size_t header_fields = 100;       // 431
  std::size_t target_bytes = 4 * 1024;   // path and query: 414
  std::size_t connections = 1000;        // more are told 503 and closed
  std::size_t connections_per_address = 100;
  std::size_t requests_per_connection = 1000;
  std::chrono::milliseconds header_time = 10s;      // from its first byte to its last; then cut
  std::chrono::milliseconds body_time = 20s;        // the same
  std::chrono::milliseconds write_time = 20s;       // a whole response
  std::chrono::milliseconds transfer_time = 15min;  // a file, in or out, from first to last byte
  std::chrono::milliseconds idle_time = 60s;        // between two requests
  std::chrono::milliseconds linger_time = 1s;       // reading on so that an error response arrives
  std::chrono::milliseconds drain_time = 10s;       // at shutdown, before connections are cut

  std::size_t streams = 10'000;                         // more are told 503
  std::size_t streams_per_address = 100;                // the same
  std::chrono::milliseconds stream_write_time = 10s;    // a piece, then the client is too slow
  std::chrono::milliseconds stream_ping_time = 15s;     // silence, then a comment
  std::chrono::milliseconds stream_check_time = 60s;    // between two looks at whether it may go on
  std::chrono::milliseconds stream_pause_time = 250ms;  // before the pool is asked again
  std::chrono::milliseconds stream_retry_time = 2s;     // said to clients when it is we who end
};

}  // namespace parvis::http
