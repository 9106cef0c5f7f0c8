// One HTTP exchange with a calendar server, over libcurl. Inside the room.
#pragma once

#include <string>
#include <vector>

#include "caldav/caldav.hpp"

namespace parvis::caldav {

struct Request {
  const char* method;
  std::string url;
  std::string body = {};
  std::vector<std::string> headers = {};  // "Name: value"
};

struct Reply {
  int code = 0;         // of HTTP; 0: none came
  std::string trouble;  // why none came, or not whole; empty otherwise
  std::string etag;
  std::string body;
};

// Follows no redirection, keeps no cookie, uses no proxy of the environment.
Reply exchange(const Config& config, const Request& request);

}  // namespace parvis::caldav
