#include "tests/fault_matrix/server_run.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <system_error>

#include "tests/fault_matrix/request.hpp"
#include "tests/fault_matrix/wire.hpp"

namespace llm::fault_matrix {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatience{5'000};  // for a response or a close
constexpr milliseconds kSilence{40};      // a server that would respond does so sooner
constexpr milliseconds kShortGap{1};
constexpr std::size_t kSlowBytes = 8;

int connect_to(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::system_error(errno, std::generic_category(), "connect to the local Bedrock");
  }
  return socket;
}

test_support::TlsContextPointer client_tls(const ServerCell& cell) {
  if (cell.security == Security::plain) return nullptr;
  test_support::TlsContextPointer tls(SSL_CTX_new(TLS_client_method()));
  constexpr unsigned char kHttp1[] = "\x08http/1.1";
  constexpr unsigned char kHttp2[] = "\x02h2";
  const bool is_http1 = cell.protocol == Protocol::http1;
  SSL_CTX_set_alpn_protos(tls.get(), is_http1 ? kHttp1 : kHttp2,
                          is_http1 ? sizeof kHttp1 - 1 : sizeof kHttp2 - 1);
  return tls;
}

/// A connection to the server, and all that has been read from it.
struct Visit {
  explicit Visit(const ServerCell& cell, std::uint16_t port)
      : tls(client_tls(cell)), wire(connect_to(port), tls.get(), End::client) {}

  /// Reads until `count` responses are complete, the server ends the stream or the connection, or
  /// says nothing for `patience`.
  void read(Protocol protocol, std::size_t count, milliseconds patience) {
    while (!is_closed && !answer.is_stream_ended && answer.complete < count &&
           !wire.is_silent(patience)) {
      is_closed = !wire.read_once(bytes);
      answer = read_answer(protocol, bytes);
    }
  }

  test_support::TlsContextPointer tls;
  Wire wire;
  std::string bytes{};
  Reading answer{};
  bool is_closed = false;
};

void send_slowly_from(std::size_t offset, std::string_view bytes, Wire& wire) {
  wire.write(bytes.substr(0, offset));
  std::size_t at = offset;
  for (; at < bytes.size() && at < offset + kSlowBytes; ++at) {
    wire.write(bytes.substr(at, 1));
    if (!wire.stays_open(kShortGap)) return;
  }
  wire.write(bytes.substr(at));
}

/// What the cell does to the beginning of TLS. True: it goes on with a request.
bool break_tls(const ServerCell& cell, Wire& wire) {
  std::string hello = wire.first_flight();
  const std::size_t offset =
      cell.position == Position::middle ? hello.size() / 2 : hello.size() - 1;
  switch (cell.fault) {
    case Fault::slow_drip:
      for (std::size_t i = 0; i < kSlowBytes; ++i) {
        wire.write_raw(hello.substr(i, 1));
        if (!wire.stays_open(kShortGap)) return false;
      }
      wire.write_raw(hello.substr(kSlowBytes));
      return true;
    case Fault::garbage:
      wire.write_raw("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
      return false;
    case Fault::duplicate:
      wire.write_raw(hello + hello);
      return false;
    case Fault::oversize:
      wire.write_raw("\x16\x03\x01\xff\xff" + std::string(0xffff, 'x'));
      return false;
    default:
      wire.write_raw(hello.substr(0, offset));
      return false;
  }
}

/// Ends or holds the connection as the fault says.
void leave(Fault fault, Wire& wire) {
  if (fault == Fault::reset) wire.reset();
  if (fault == Fault::fin) wire.close_sending(true);
  if (fault == Fault::truncation) wire.close_sending(false);
}

void break_request(const ServerCell& cell, Wire& wire) {
  const WireRequest sound = sound_request(cell);
  switch (cell.fault) {
    case Fault::garbage:
    case Fault::duplicate:
    case Fault::oversize:
      wire.write(wrong_request(cell).all());
      break;
    case Fault::slow_drip:
      send_slowly_from(offset_of(cell, sound), sound.all(), wire);
      break;
    default:
      wire.write(std::string_view(sound.all()).substr(0, offset_of(cell, sound)));
      leave(cell.fault, wire);
      break;
  }
}

/// Asks, and then does not read the response as it should.
void break_response(const ServerCell& cell, Visit& visit) {
  visit.wire.write(sound_request(cell).all());
  if (cell.position == Position::middle && !visit.wire.is_silent(kPatience)) {
    visit.is_closed = !visit.wire.read_once(visit.bytes);
  }
  if (cell.fault == Fault::stall) (void)visit.wire.stays_open(kShortGap * 10);
  leave(cell.fault, visit.wire);
}

/// After one request and its response. Returns what is wrong with that.
std::string break_idle(const ServerCell& cell, Visit& visit) {
  visit.wire.write(sound_request(cell).all());
  visit.read(cell.protocol, 1, kPatience);
  if (visit.answer.complete != 1) return "the first request got no response";
  visit.bytes.clear();
  visit.answer = {};
  const bool is_http2 = cell.protocol == Protocol::http2;
  const WireRequest second = sound_request(cell, 3);
  switch (cell.fault) {
    case Fault::garbage:
      visit.wire.write(is_http2 ? std::string("\0\0\0\4\0\0\0\0\1", 9) : "\x01\x02\x03 ~\r\n\r\n");
      break;
    case Fault::oversize:
      visit.wire.write(is_http2 ? std::string("\xff\xff\xff\0\0\0\0\0\1", 9)
                                : "GET /" + std::string(70'000, 'x'));
      break;
    case Fault::slow_drip:
      send_slowly_from(0, second.all(), visit.wire);
      break;
    case Fault::duplicate:
      visit.wire.write(second.all());
      break;
    case Fault::truncation:
      visit.wire.write(std::string_view(second.head).substr(0, second.head.size() / 2));
      leave(cell.fault, visit.wire);
      break;
    default:
      leave(cell.fault, visit.wire);
      break;
  }
  return {};
}

std::string break_place(const ServerCell& cell, Visit& visit) {
  if (cell.place == Place::connect) {
    leave(cell.fault, visit.wire);
    return {};
  }
  if (cell.place == Place::tls && !break_tls(cell, visit.wire)) {
    leave(cell.fault, visit.wire);
    return {};
  }
  if (!visit.wire.finish_handshake()) return "no handshake";
  switch (cell.place) {
    case Place::response_head:
    case Place::body:
      break_response(cell, visit);
      return {};
    case Place::between_requests:
      return break_idle(cell, visit);
    case Place::tls:
      visit.wire.write(sound_request(cell).all());
      return {};
    default:
      break_request(cell, visit.wire);
      return {};
  }
}

std::string describe(const Visit& visit) {
  return "status " + std::to_string(visit.answer.status) + ", " +
         std::to_string(visit.answer.complete) + " complete" +
         (visit.answer.is_stream_ended ? ", stream ended" : "") +
         (visit.is_closed ? ", closed" : ", open");
}

/// Whether the server answers as the rule says.
bool holds(const ServerExpected& rule, const ServerCell& cell, Visit& visit) {
  const bool is_http2 = cell.protocol == Protocol::http2;
  const Reading& answer = visit.answer;
  switch (rule.answer) {
    case Answer::response:
      visit.read(cell.protocol, 1, kPatience);
      return answer.complete >= 1 && answer.status == rule.status;
    case Answer::refusal: {
      // What is not HTTP/2 from its first byte gets a refusal of HTTP/1.1.
      const bool is_first = cell.fault == Fault::garbage && cell.position == Position::start;
      const Protocol protocol = is_first ? Protocol::http1 : cell.protocol;
      visit.read(protocol, is_http2 && !is_first ? 1 : SIZE_MAX, kPatience);
      if (is_http2 && !is_first && answer.is_stream_ended && answer.status == 0) return true;
      return answer.complete == 1 && answer.status == rule.status &&
             (visit.is_closed || (is_http2 && !is_first));
    }
    case Answer::close:
      visit.read(cell.protocol, SIZE_MAX, kPatience);
      return answer.complete == 0 && (visit.is_closed || answer.is_stream_ended);
    case Answer::silence:
      visit.read(cell.protocol, SIZE_MAX, kSilence);
      return answer.status == 0 && !answer.is_stream_ended && !visit.is_closed;
    case Answer::none:
      break;
  }
  return true;
}

}  // namespace

std::string run(const ServerCell& cell, std::uint16_t port) {
  const ServerExpected rule = expected(cell);
  Visit visit(cell, port);
  if (std::string problem = break_place(cell, visit); !problem.empty()) return problem;
  if (!holds(rule, cell, visit)) {
    return "expected answer " + std::to_string(static_cast<int>(rule.answer)) + " with status " +
           std::to_string(rule.status) + " (" + std::string(rule.why) + ") seen " + describe(visit);
  }
  // While the first connection is still there.
  Visit next(cell, port);
  if (!next.wire.finish_handshake()) return "the next connection: no handshake";
  next.wire.write(sound_request(cell).all());
  next.read(cell.protocol, 1, kPatience);
  if (next.answer.complete != 1 || next.answer.status != 200) {
    return "the next request: " + describe(next);
  }
  return {};
}

}  // namespace llm::fault_matrix
