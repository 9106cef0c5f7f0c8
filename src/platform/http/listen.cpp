#include "http/listen.hpp"

#include <boost/asio/ip/address.hpp>
#include <charconv>

namespace parvis::http {

std::expected<Listen, Problem> parse_listen(std::string_view text) {
  const auto refused = [&] {
    return std::unexpected(
        Problem{"'" + std::string(text) + "' is not ADDRESS:PORT nor unix:/path"});
  };
  if (text.starts_with("unix:")) {
    const std::string path(text.substr(5));
    if (path.empty() || path.size() > 100) return refused();  // sun_path holds 108 bytes
    return Listen{path, 0, true};
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return refused();
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return refused();
  }
  if (host == "localhost") host = "127.0.0.1";
  std::uint16_t port = 0;
  const std::string_view digits = text.substr(colon + 1);
  const auto [end, bad_port] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  boost::system::error_code bad_address;
  boost::asio::ip::make_address(std::string(host), bad_address);
  if (bad_port != std::errc() || end != digits.data() + digits.size() || bad_address)
    return refused();
  return Listen{std::string(host), port, false};
}

}  // namespace parvis::http
