#include "local/http/writer.hpp"

#include <array>
#include <charconv>

namespace llm::local {
namespace {

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 408:
      return "Request Timeout";
    case 413:
      return "Payload Too Large";
    case 415:
      return "Unsupported Media Type";
    case 424:
      return "Failed Dependency";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "";
  }
}

}  // namespace

std::string head_bytes(const Reply& reply, Framing framing) {
  std::string out = "HTTP/1.1 " + std::to_string(reply.status) + " ";
  out.append(reason_phrase(reply.status)).append("\r\n");
  for (const HttpHeader& header : reply.headers) {
    out.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  if (!reply.streamed) {
    out += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
  } else if (framing.chunked) {
    out += "Transfer-Encoding: chunked\r\n";
  }
  out += framing.keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  return out;
}

std::string chunk_bytes(std::string_view bytes, Framing framing) {
  // An empty chunk would end the body.
  if (!framing.chunked || bytes.empty()) return std::string(bytes);
  std::array<char, 16> size{};
  const char* end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
  const std::string_view hex(size.data(), static_cast<std::size_t>(end - size.data()));
  std::string out;
  out.reserve(bytes.size() + size.size() + 4);
  out.append(hex).append("\r\n").append(bytes).append("\r\n");
  return out;
}

std::string_view end_bytes(Framing framing) { return framing.chunked ? "0\r\n\r\n" : ""; }

}  // namespace llm::local
