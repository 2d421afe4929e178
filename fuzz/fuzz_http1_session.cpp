// Whatever a peer sends over HTTP/1.1: the session answers each request that it has read with one
// well-formed response, and ends with its peer. In what fragments it comes changes nothing.
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/session.hpp"
#include "local/http/http1_session.hpp"

namespace {

using namespace llm::fuzz;
using llm::local::Cut;

/// What the peer has received, read from the front.
class Received {
 public:
  explicit Received(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool is_empty() const { return rest_.empty(); }
  bool skip(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  std::string_view line() {
    const std::size_t end = rest_.find("\r\n");
    require(end != std::string_view::npos, "a line ends");
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 2);
    return line;
  }
  std::string_view bytes(std::size_t count) {
    const std::string_view bytes = rest_.substr(0, count);
    rest_.remove_prefix(bytes.size());
    return bytes;
  }

 private:
  std::string_view rest_;
};

std::size_t number(std::string_view digits, int base) {
  std::size_t value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  require(read.ec == std::errc() && read.ptr == digits.data() + digits.size(), "a length is one");
  return value;
}

struct Head {
  std::optional<std::size_t> length{};
  bool is_chunked = false;
  bool closes = false;
};

Head read_head(Received& received, int status) {
  const std::string begin = "HTTP/1.1 " + std::to_string(status) + " ";
  require(received.skip(begin), "a response begins with its status");
  (void)received.line();
  Head head;
  for (;;) {
    const std::string_view line = received.line();
    if (line.empty()) break;
    constexpr std::string_view kLength = "Content-Length: ";
    if (line.starts_with(kLength)) head.length = number(line.substr(kLength.size()), 10);
    head.is_chunked |= line == "Transfer-Encoding: chunked";
    head.closes |= line == "Connection: close";
    require(line.contains(": "), "a header has a name");
  }
  require(!(head.length && head.is_chunked), "a body has one framing");
  return head;
}

/// The body as far as it has come.
std::string read_body(Received& received, const Head& head) {
  if (head.length) return std::string(received.bytes(*head.length));
  if (!head.is_chunked) return std::string(received.bytes(std::string_view::npos));
  std::string body;
  while (!received.is_empty()) {
    const std::size_t size = number(received.line(), 16);
    body += received.bytes(size);
    require(received.skip("\r\n"), "a chunk ends");
    if (size == 0) break;
  }
  return body;
}

std::string body_of(const llm::local::Reply& reply) {
  if (!reply.streamed) return reply.body;
  std::string body;
  for (const llm::local::Frame& frame : reply.frames) body += frame.bytes;
  return body;
}

void skip_continues(Received& received) {
  while (received.skip("HTTP/1.1 100 Continue\r\n\r\n")) {
  }
}

void check_response(Received& received, const Exchanged& exchanged) {
  const llm::local::SendPlan& plan = exchanged.reply.plan;
  skip_continues(received);
  if (plan.cut != Cut::none && !plan.cut_after) return;
  const Head head = read_head(received, exchanged.reply.status);
  if (exchanged.request.method == "HEAD") return;
  const std::string whole = body_of(exchanged.reply);
  const std::string body = read_body(received, head);
  if (plan.cut == Cut::none) {
    require(body == whole, "the body is the reply's");
  } else {
    require(body == whole.substr(0, *plan.cut_after), "the body is cut where it should be");
  }
  require(head.length || head.is_chunked || head.closes, "a body has an end");
}

void check(const Exchanged& exchanged) {
  const llm::local::Request& request = exchanged.request;
  if (request.defect != llm::local::Defect::none) return;
  require(!request.method.empty() && !request.target.empty(), "a request has a request line");
  std::size_t bytes = request.method.size() + request.target.size();
  for (const auto& header : request.headers) {
    require(!header.name.empty(), "a header has a name");
    require(header.value.find_first_of("\r\n") == std::string::npos, "a header is one line");
    bytes += header.name.size() + header.value.size();
  }
  require(bytes <= llm::local::kMaxReceivedHeaderBytes, "headers are bounded");
}

/// The requests that could be read. What cannot ends the connection; when that shows depends on the
/// fragments: a head that begins in one fragment is examined when it is complete.
std::vector<llm::local::Request> good_requests(const SessionPeer& peer) {
  std::vector<llm::local::Request> requests;
  for (const Exchanged& exchanged : peer.exchanges()) requests.push_back(exchanged.request);
  if (!requests.empty() && requests.back().defect == llm::local::Defect::malformed) {
    requests.pop_back();
  }
  return requests;
}

void check_same(const SessionPeer& left, const SessionPeer& right) {
  const auto is_same = [](const llm::local::Request& one, const llm::local::Request& other) {
    return one.method == other.method && one.target == other.target &&
           one.headers == other.headers && one.body == other.body && one.defect == other.defect;
  };
  require(std::ranges::equal(good_requests(left), good_requests(right), is_same),
          "the requests are the same");
}

void check_responses(const SessionPeer& peer) {
  Received received(peer.received());
  for (const Exchanged& exchanged : peer.exchanges()) {
    check(exchanged);
    check_response(received, exchanged);
  }
  skip_continues(received);
  require(received.is_empty(), "there is a response for each request, and no other");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  SessionPeer peer(llm::local::serve_http1);
  Fragments fragments(input);
  for (auto next = fragments.next(); !next.empty(); next = fragments.next()) peer.send(next);
  peer.finish();
  check_responses(peer);

  SessionPeer whole(llm::local::serve_http1);
  whole.send(fragments.all());
  whole.finish();
  check_same(peer, whole);
  return 0;
}
