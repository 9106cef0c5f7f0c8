// It turns: wait for a byte, read a header, route, read the body, run the handler, write, again.
//
//   Deadlines. Beast's basic_stream has one absolute expiry: set before a phase (idle, header,
//     body, write), it covers the whole phase however slowly bytes drip, and closes the socket.
//   Worker. While a worker runs the handler the coroutine is suspended; request and response stay
//     in its frame, the worker works on them in place and posts the coroutine back to its loop.
//   Pipelining. Bytes beyond a request stay in the buffer, whose size bounds them; answers keep
//     the order of requests since the next one is read after the last is written.
//   Streams. A request that a stream answers is the last of its connection, whose buffers, parser
//     and frames go before the stream begins (streaming.cpp).
//   Files. A route that receives gets the body in pieces while it comes, and what came before a
//     cut; a response in pieces is asked for one when the one before is written.
//   Refusals. Where the body was not read the connection ends after the answer. The server then
//     reads on for a moment: closing with unread bytes makes the kernel send RST, and the client
//     would lose the answer it is owed.
#include "http/connection.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "crypto/hash.hpp"

namespace parvis::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using asio::redirect_error;
using asio::use_awaitable;
using boost::system::error_code;
using TimedSocket = beast::basic_stream<asio::generic::stream_protocol>;
using Parser = bhttp::request_parser<bhttp::string_body>;
using PieceParser = bhttp::request_parser<bhttp::buffer_body>;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kReadAhead = 16 * 1024;     // beyond a header, of body or pipelined requests
constexpr std::size_t kLingerBytes = 256 * 1024;  // read and dropped after a refusal
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// The peer that our proxy saw: what it appended last. Fields before it are the client's own words.
std::optional<std::string> forwarded_peer(const Request& request) {
  std::string_view last;
  for (const auto& [key, value] : request.headers)
    if (key == "x-forwarded-for") last = value;
  last.remove_prefix(std::min(last.size(), last.find_last_of(',') + 1));
  while (last.starts_with(' ')) last.remove_prefix(1);
  error_code bad;
  const auto address = asio::ip::make_address(std::string(last), bad);
  if (bad) return std::nullopt;
  return address.to_string();
}

Refusal too_large(std::size_t most) {
  return {413,
          "La demande dépasse la taille permise, " + std::to_string(most / 1024) + "\u00A0Kio."};
}

// What to answer to bytes that are not HTTP; nothing when the peer has gone or was too slow.
std::optional<Refusal> malformed(const error_code& failed) {
  if (failed == bhttp::error::header_limit || failed == bhttp::error::buffer_overflow)
    return Refusal{431, ""};
  if (failed == bhttp::error::end_of_stream || failed == bhttp::error::partial_message)
    return std::nullopt;
  if (failed.category() == bhttp::make_error_code(bhttp::error::bad_version).category())
    return Refusal{400, ""};
  return std::nullopt;
}

enum class Phase { idle, busy };

}  // namespace

struct Connection::Impl {
  TimedSocket stream;
  const Peer peer;
  Dispatcher& dispatcher;
  const ServerOptions& options;
  const Limits& limits = options.limits;
  const std::atomic<bool>& stopping;
  beast::flat_buffer buffer{limits.header_bytes + kReadAhead};
  Phase phase = Phase::idle;
  std::unique_ptr<Opening> opening = nullptr;  // of the stream that answers the last request

  // False when the connection is to end, or to go on as a stream.
  asio::awaitable<bool> one_request(std::size_t served) {
    error_code failed;
    phase = Phase::idle;
    if (stopping) co_return false;
    if (buffer.size() == 0) {
      stream.expires_after(served == 0 ? limits.header_time : limits.idle_time);
      const std::size_t n = co_await stream.async_read_some(buffer.prepare(4096),
                                                            redirect_error(use_awaitable, failed));
      if (failed) co_return false;
      buffer.commit(n);
    }
    phase = Phase::busy;

    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    parser.body_limit(boost::none);
    stream.expires_after(limits.header_time);
    co_await bhttp::async_read_header(stream, buffer, parser,
                                      redirect_error(use_awaitable, failed));
    Request request;
    request.received_at = options.clock();
    request.request_id = crypto::random_hex(8);
    request.peer = peer.address;
    const auto started = Steady::now();
    if (failed) {
      if (const auto refused = malformed(failed)) {
        co_await write(request, started, nullptr, dispatcher.render(request, *refused), false);
        co_await linger();
      }
      co_return false;
    }
    const auto& message = parser.get();
    request.method = method_named(message.method_string());
    for (const auto& field : message)
      request.headers.emplace_back(lower(field.name_string()), field.value());
    if (peer.local && options.forwarded == Forwarded::local_proxy)
      if (auto forwarded = forwarded_peer(request)) request.peer = *std::move(forwarded);

    auto admitted = dispatcher.admit(request, message.target(), message.version());
    const Route* route = admitted.value_or(nullptr);
    std::optional<Response> response;
    const bool keep_alive = parser.keep_alive();
    std::optional<PieceParser> pieces;
    if (!route) {
      response = std::move(admitted.error());
    } else if (route->receives) {
      pieces.emplace(std::move(parser));
      response = co_await receive(*pieces, request, *route, failed);
      if (!response) co_return false;
    } else if (const auto refused = co_await read_body(parser, request, *route, failed)) {
      response = dispatcher.render(request, *refused);
    } else if (failed) {
      co_return false;
    } else {
      stream.expires_never();
      request.body = std::move(parser.get().body());
      auto answer = co_await dispatcher.answer(request, *route);
      if (auto* begun = std::get_if<std::unique_ptr<Opening>>(&answer)) {
        opening = std::move(*begun);
        dispatcher.began(*opening, Steady::now() - started);
        co_return false;
      }
      response = std::get<Response>(std::move(answer));
    }
    const bool whole = pieces ? pieces->is_done() : parser.is_done();
    const bool keep =
        whole && !failed && keep_alive && !stopping && served + 1 < limits.requests_per_connection;
    const bool written =
        co_await write(request, started, route, *std::move(response), keep, message.version());
    if (written && !keep) co_await linger();
    co_return (written && keep);
  }

  // The whole body, or why it is refused. `failed` alone: the peer has gone or was too slow.
  asio::awaitable<std::optional<Refusal>> read_body(Parser& parser, const Request& request,
                                                    const Route& route, error_code& failed) {
    const std::size_t most = route.options.body_bytes;
    if (parser.content_length() && *parser.content_length() > most) co_return too_large(most);
    parser.body_limit(most);
    if (parser.is_done()) co_return std::nullopt;
    if (lower(request.header("expect").value_or("")) == "100-continue") {
      stream.expires_after(limits.write_time);
      co_await asio::async_write(stream, asio::buffer(kContinue),
                                 redirect_error(use_awaitable, failed));
      if (failed) co_return std::nullopt;
    }
    stream.expires_after(limits.body_time);
    co_await bhttp::async_read(stream, buffer, parser, redirect_error(use_awaitable, failed));
    if (failed == bhttp::error::body_limit) co_return too_large(most);
    if (failed) co_return malformed(failed);
    co_return std::nullopt;
  }

  // Hands the body on while it comes. Nothing: the peer has gone or was too slow.
  asio::awaitable<std::optional<Response>> receive(PieceParser& parser, const Request& request,
                                                   const Route& route, error_code& failed) {
    const std::size_t most = route.options.body_bytes;
    if (parser.content_length() && *parser.content_length() > most)
      co_return dispatcher.render(request, too_large(most));
    parser.body_limit(most);
    stream.expires_never();
    auto begun = co_await dispatcher.begin(request, route);
    if (Response* refused = std::get_if<Response>(&begun)) co_return std::move(*refused);
    const Receiving receiving = std::get<Receiving>(std::move(begun));
    if (!parser.is_done() && lower(request.header("expect").value_or("")) == "100-continue") {
      stream.expires_after(limits.write_time);
      co_await asio::async_write(stream, asio::buffer(kContinue),
                                 redirect_error(use_awaitable, failed));
    }
    const auto until = Steady::now() + limits.transfer_time;
    std::string piece;
    while (!parser.is_done() && !failed) {
      piece.resize(kReceivePiece);
      std::size_t filled = 0;
      while (!parser.is_done() && !failed && filled < piece.size()) {
        const std::size_t room = std::min(kReceiveRead, piece.size() - filled);
        auto& body = parser.get().body();
        body.data = piece.data() + filled;
        body.size = room;
        body.more = true;
        stream.expires_at(std::min(Steady::now() + limits.body_time, until));
        co_await bhttp::async_read(stream, buffer, parser, redirect_error(use_awaitable, failed));
        if (failed == bhttp::error::need_buffer) failed = {};
        filled += room - body.size;
      }
      stream.expires_never();
      piece.resize(filled);
      if (filled > 0)
        if (auto refused = co_await dispatcher.take(request, receiving, piece))
          co_return std::move(refused);
    }
    if (failed == bhttp::error::body_limit) co_return dispatcher.render(request, too_large(most));
    if (failed) {
      const auto refused = malformed(failed);
      co_return refused ? std::optional(dispatcher.render(request, *refused)) : std::nullopt;
    }
    co_return co_await dispatcher.finish(request, receiving);
  }

  // The body of a response in pieces, after its header. False: it is not whole.
  asio::awaitable<bool> write_pieces(const PiecedBody& body) {
    const auto until = Steady::now() + limits.transfer_time;
    std::string piece;
    for (std::uint64_t left = body.bytes; left > 0; left -= piece.size()) {
      piece.clear();
      const bool ran = co_await dispatcher.on_worker_in_time([&] {
        try {
          piece = body.next();
        } catch (const std::exception&) {
          piece.clear();
        }
      });
      if (!ran || piece.empty() || piece.size() > left) co_return false;
      error_code failed;
      stream.expires_at(std::min(Steady::now() + limits.write_time, until));
      co_await asio::async_write(stream, asio::buffer(piece),
                                 redirect_error(use_awaitable, failed));
      stream.expires_never();
      if (failed) co_return false;
    }
    co_return true;
  }

  asio::awaitable<bool> write(const Request& request, Steady::time_point started,
                              const Route* route, Response response, bool keep,
                              unsigned version = 11) {
    const std::string_view bytes = response.bytes();
    const bool bodiless = response.status == 204 || response.status == 304;
    bhttp::response<bhttp::span_body<const char>> message;
    message.version(version);
    message.result(static_cast<unsigned>(response.status));
    message.reason(reason(response.status));
    for (const auto& [key, value] : response.headers) message.insert(key, value);
    for (const auto& [key, value] : kSecurityHeaders)
      if (message.find(key) == message.end()) message.insert(key, value);
    message.set("X-Request-Id", request.request_id);
    if (!bodiless) message.content_length(response.length());
    message.keep_alive(keep);
    if (!bodiless && request.method != Method::head)
      message.body() = beast::span<const char>(bytes.data(), bytes.size());

    error_code failed;
    bhttp::response_serializer<bhttp::span_body<const char>> serializer(message);
    stream.expires_after(limits.write_time);
    bool whole = true;
    if (response.pieces && !bodiless && request.method != Method::head) {
      co_await bhttp::async_write_header(stream, serializer, redirect_error(use_awaitable, failed));
      stream.expires_never();
      if (!failed) whole = co_await write_pieces(*response.pieces);
    } else {
      co_await bhttp::async_write(stream, serializer, redirect_error(use_awaitable, failed));
    }
    stream.expires_never();
    dispatcher.record(request, route, response, Steady::now() - started);
    co_return (!failed && whole);
  }

  // The end of a connection whose peer may still be sending.
  asio::awaitable<void> linger() {
    error_code failed;
    stream.socket().shutdown(asio::socket_base::shutdown_send, failed);
    stream.expires_after(limits.linger_time);
    phase = Phase::idle;
    std::array<char, 4096> dropped;
    for (std::size_t total = 0; !failed && !stopping && total < kLingerBytes;)
      total += co_await stream.async_read_some(asio::buffer(dropped),
                                               redirect_error(use_awaitable, failed));
  }
};

Connection::Connection(Socket socket, Peer peer, Dispatcher& dispatcher,
                       const ServerOptions& options, const std::atomic<bool>& stopping)
    : impl_(new Impl{.stream = TimedSocket(std::move(socket)),
                     .peer = std::move(peer),
                     .dispatcher = dispatcher,
                     .options = options,
                     .stopping = stopping}) {}

Connection::~Connection() = default;

asio::awaitable<std::unique_ptr<Opening>> Connection::serve() {
  for (std::size_t served = 0; co_await impl_->one_request(served);) ++served;
  co_return std::move(impl_->opening);
}

Connection::Socket Connection::release() { return impl_->stream.release_socket(); }

void Connection::close(Close when) {
  if (when == Close::now || impl_->phase == Phase::idle) impl_->stream.close();
}

}  // namespace parvis::http
