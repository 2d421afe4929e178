// The rules of the client's side. Each says why in words; none is taken from what the code does.
#include "tests/fault_matrix/expected.hpp"

#include "tests/fault_matrix/response.hpp"

namespace llm::fault_matrix {
namespace {

Expected success(std::string_view why, std::string text = std::string(kFresh)) {
  return {.succeeds = true, .text = std::move(text), .why = why};
}

/// The connection failed before a stream's head, or before the end of a buffered response: the
/// same request may succeed, so it may be sent again.
Expected lost(std::string_view part, std::string_view why) {
  return {.code = ErrorCode::connection_error,
          .is_retryable = true,
          .is_sent_again = true,
          .part = part,
          .why = why};
}

/// What the peer says is not HTTP: it would say the same again.
Expected not_http(std::string_view part, std::string_view why) {
  return {.code = ErrorCode::connection_error, .part = part, .why = why};
}

/// Whoever sets a limit wants an end, not a second wait.
Expected too_slow(Limit limit, std::string_view part, std::string_view why) {
  return {.code = ErrorCode::timeout_error, .part = part, .limit = limit, .why = why};
}

Expected bad_stream(std::string_view part, std::string_view why) {
  return {.code = ErrorCode::stream_error, .part = part, .why = why};
}

Expected bad_completion(std::string_view why) {
  return {.code = ErrorCode::model_error, .part = "is not a valid", .why = why};
}

constexpr std::string_view kIdle = "in the middle of a response (idle limit)";
constexpr std::string_view kFirstByte = "(first-byte limit)";
constexpr std::string_view kIncomplete = "ended before the response was complete";
constexpr std::string_view kCutShort = "was cut short or damaged after";

Expected at_connect(const ClientCell& cell) {
  if (cell.fault == Fault::descriptors) {
    return lost("No file descriptor is left for a connection to 127.0.0.1",
                "There is no socket to connect with.");
  }
  if (cell.fault == Fault::reset) {
    return lost("Could not connect to 127.0.0.1", "The port is closed: nothing was sent.");
  }
  if (cell.fault == Fault::stall) {
    Expected result = too_slow(Limit::connect, "(connect limit)", "Nobody accepts the connection.");
    result.is_retryable = true;
    result.is_sent_again = true;  // Nothing was sent, so nothing can be billed twice.
    return result;
  }
  if (cell.security == Security::tls) {
    return lost("The TLS handshake with 127.0.0.1", "The peer closes instead of a handshake.");
  }
  return lost("was lost before", "The peer accepts and closes at once.");
}

Expected at_tls(const ClientCell& cell) {
  if (cell.fault == Fault::stall) {
    Expected result =
        too_slow(Limit::connect, "(connect limit)", "Connecting includes the handshake.");
    result.is_retryable = true;
    result.is_sent_again = true;
    return result;
  }
  if (cell.fault == Fault::duplicate) {
    return lost("127.0.0.1",
                "A second hello is a protocol error, noticed at once or at the next "
                "read.");
  }
  return lost("The TLS handshake with 127.0.0.1", "Without a handshake nothing is sent.");
}

Expected at_request(const ClientCell& cell) {
  const bool is_body = cell.place == Place::request_body;
  switch (cell.fault) {
    case Fault::reset:
    case Fault::fin:
      return lost("was lost before", "No byte of a response has arrived.");
    case Fault::stall:
      if (!is_body) {
        return too_slow(Limit::first_byte, kFirstByte,
                        "The kernel took the whole request; the peer says nothing.");
      }
      return too_slow(Limit::idle, "accepted no more of the request",
                      "The peer takes no more of the request.");
    case Fault::garbage:
      return not_http("did not send a valid HTTP response", "The first bytes are not HTTP.");
    case Fault::truncation: {
      Expected refused = not_http("ValidationException", "A refusal counts, however early.");
      refused.code = ErrorCode::invalid_request_error;
      return refused;
    }
    case Fault::oversize:
      if (is_body) {
        Expected refused = not_http("RequestEntityTooLarge", "A refusal counts, however early.");
        refused.code = ErrorCode::context_length_exceeded;
        return refused;
      }
      return not_http("are larger than", "Interim responses without an end are one endless head.");
    default:
      return success("Interim responses of 100 are skipped, however many.");
  }
}

/// A second head where the body should be.
Expected second_head(const ClientCell& cell) {
  if (cell.framing == Framing::chunked) {
    if (cell.mode == Mode::stream) return bad_stream(kIncomplete, "A head is not a chunk.");
    return lost(kCutShort, "A head is not a chunk.");
  }
  if (cell.mode == Mode::stream) return bad_stream("damaged at byte 0", "A head is not a frame.");
  return bad_completion("A head is not JSON.");
}

Expected at_response_head(const ClientCell& cell) {
  switch (cell.fault) {
    case Fault::reset:
    case Fault::fin:
    case Fault::truncation:
      return lost("was lost before a response arrived", "The head is not complete.");
    case Fault::stall:
      if (cell.position == Position::start || cell.position == Position::status_line) {
        return too_slow(Limit::first_byte, kFirstByte, "There is no status line yet.");
      }
      return too_slow(Limit::idle, kIdle, "The status line has arrived, and then nothing.");
    case Fault::garbage:
      return not_http("did not send a valid HTTP response",
                      cell.position == Position::start
                          ? "The first bytes are not HTTP."
                          : "RFC 9110, 5.5: a field with NUL is invalid.");
    case Fault::oversize:
      return not_http("are larger than", "A head has 64 KiB at most.");
    default:
      break;
  }
  if (cell.position == Position::start) return second_head(cell);
  if (cell.position == Position::header_line) {
    return success("A repeated Content-Type does not change where the body ends.");
  }
  if (cell.framing == Framing::chunked) {
    return not_http("transfer coding", "RFC 9112, 6.1: chunked twice is two codings.");
  }
  return not_http("127.0.0.1", "RFC 9112, 6.3: with two lengths nobody knows where the body ends.");
}

Expected whole_body_cut(const ClientCell& cell) {
  // libcurl takes a close for the end of such a body, under TLS without close_notify too. RFC 9112,
  // 9.8 would have that be a lost connection; no byte is lost unseen, as the body is JSON.
  if (cell.framing == Framing::until_close && cell.fault != Fault::reset) {
    return bad_completion("The close is the end of the body, whose JSON is not complete.");
  }
  return lost(kCutShort, "The body is not complete.");
}

Expected at_body(const ClientCell& cell) {
  const bool is_stream = cell.mode == Mode::stream;
  switch (cell.fault) {
    case Fault::reset:
    case Fault::fin:
    case Fault::truncation:
      if (!is_stream) return whole_body_cut(cell);
      if (cell.position == Position::terminator) {
        return success("After the stop message the end of the connection does not matter.");
      }
      return bad_stream(kIncomplete, "A stream that has begun is not sent again.");
    case Fault::stall:
      return too_slow(Limit::idle, kIdle, "The body does not end.");
    case Fault::garbage:
      if (cell.position == Position::chunk_size || cell.position == Position::chunk_end) {
        if (is_stream) return bad_stream(kIncomplete, "Where a chunk ends cannot be read.");
        return lost(kCutShort, "Where a chunk ends cannot be read.");
      }
      return bad_completion("The body is not JSON.");
    case Fault::oversize: {
      Expected result = bad_completion("A buffered response has 64 MiB at most.");
      result.part = "is larger than";
      return result;
    }
    default:
      break;
  }
  if (cell.framing != Framing::until_close) return success("What follows the body is dropped.");
  if (is_stream) return bad_stream("", "A message after the stop message is not a stream.");
  return bad_completion("Two JSON documents are not one.");
}

Expected at_frame(const ClientCell& cell) {
  switch (cell.fault) {
    case Fault::reset:
    case Fault::fin:
    case Fault::truncation:
      return bad_stream(kIncomplete, "A stream that has begun is not sent again.");
    case Fault::stall:
      return too_slow(Limit::idle, kIdle, "The stream does not go on.");
    case Fault::garbage:
    case Fault::oversize:
      return bad_stream("damaged at byte", "The checksums or the lengths of the frame are wrong.");
    default:
      break;
  }
  if (cell.frame == FrameAt::middle) {
    return success("Frames have no numbers: a delta that comes twice is two deltas.", "frfresh");
  }
  return bad_stream("", "A message starts and stops once.");
}

Expected between_requests(const ClientCell& cell) {
  const bool is_idle = cell.position != Position::request_arrives;
  if (cell.fault == Fault::stall) {
    return too_slow(Limit::first_byte, kFirstByte, "The connection is open; the peer is silent.");
  }
  if (cell.fault == Fault::descriptors) return success("An open connection needs no other.");
  if (is_idle) return success("A connection that is closed, or has said too much, is not reused.");
  if (cell.fault == Fault::garbage) {
    return not_http("did not send a valid HTTP response", "The first bytes are not HTTP.");
  }
  return lost("was lost before a response arrived", "The request may have been carried out.");
}

}  // namespace

Expected expected(const ClientCell& cell) {
  if (cell.fault == Fault::slow_drip && cell.place != Place::between_requests) {
    return success("Slow is not broken: no limit has passed.");
  }
  if (cell.fault == Fault::endless_drip) {
    return too_slow(Limit::total, "(time limit)",
                    "Bytes arrive, so that only the total limit ends it.");
  }
  switch (cell.place) {
    case Place::connect:
      return at_connect(cell);
    case Place::tls:
      return at_tls(cell);
    case Place::request_head:
    case Place::request_body:
      return at_request(cell);
    case Place::response_head:
      return at_response_head(cell);
    case Place::body:
      return at_body(cell);
    case Place::frame:
      return at_frame(cell);
    case Place::between_requests:
      break;
  }
  return between_requests(cell);
}

}  // namespace llm::fault_matrix
