#include "local/script/faults.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "aws/protocol/event_stream.hpp"
#include "json/writer.hpp"
#include "local/frontend/exceptions.hpp"

namespace llm::local {
namespace {

using HeaderPair = std::pair<std::string_view, std::string_view>;

constexpr int kMinStatus = 200;
constexpr int kMaxStatus = 599;

int status_of(ScriptObject& object, int fallback) {
  const auto status =
      static_cast<int>(object.number("status", kMinStatus, kMaxStatus).value_or(fallback));
  // RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5.
  if (status == 204 || status == 205 || status == 304) {
    object.report_member("status",
                         "must not be " + std::to_string(status) + ", whose response has no body");
  }
  return status;
}

std::size_t after_events(ScriptObject& object) { return object.count("after_events").value_or(0); }

/// The name of an exception inside a stream: that of its member. Source: botocore, ResponseStream.
std::string member_name(std::string name) {
  if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z') name[0] += 'a' - 'A';
  return name;
}

std::string message_body(std::string_view message) {
  json::Writer body;
  body.begin_object().member("message", message).end_object();
  return std::move(body).take();
}

/// Ends the stream after `after_events` events with one last message.
void end_stream(Reply& reply, std::size_t after_events, std::string message) {
  Frame last{.bytes = std::move(message)};
  if (!reply.frames.empty()) last.delay = reply.frames.front().delay;
  reply.frames.resize(std::min(after_events, reply.frames.size()));
  reply.frames.push_back(std::move(last));
}

void end_stream(Reply& reply, std::size_t after_events, std::span<const HeaderPair> headers,
                std::string_view payload) {
  std::string message;
  aws::append_event_message(headers, payload, message);
  end_stream(reply, after_events, std::move(message));
}

/// An error inside a stream of server-sent events. Source: Anthropic's API reference, "Streaming
/// messages"; Chat Completions has no documented form, and servers send the error as a chunk.
std::string error_event(const Refusal& refusal, ErrorShape shape) {
  const std::string_view type = shape == ErrorShape::anthropic ? "event: error\n" : "";
  return std::string(type) + "data: " + error_body(refusal, shape) + "\n\n";
}

/// Whether a body has more than `bytes`, so that a cut there leaves something out.
bool is_longer(const Reply& reply, std::size_t bytes) {
  std::size_t all = reply.body.size();
  for (const Frame& frame : reply.frames) all += frame.bytes.size();
  return all > bytes;
}

/// One kind of fault: `kName` in scripts and counts, how its members are read, and how it breaks a
/// reply. An alternative of Fault without a specialisation does not compile.
template <typename T>
struct FaultKind;

template <>
struct FaultKind<fault::Exception> {
  static constexpr std::string_view kName = "exception";

  static fault::Exception read(ScriptObject& object) {
    return {.name = object.required_name("name"),
            .message = object.text("message"),
            .status = status_of(object, 0),
            .retry_after = object.milliseconds("retry_after_ms"),
            .after_events = object.count("after_events")};
  }

  static bool apply(const fault::Exception& fault, Reply& reply, ErrorShape shape) {
    ExceptionText text = exception_text(fault.name);
    if (!fault.message.empty()) text.message = fault.message;
    const Refusal refusal{.status = fault.status != 0 ? fault.status : text.status,
                          .name = text.name,
                          .message = std::string(text.message),
                          .layer = text.layer};
    if (fault.after_events && reply.streamed && shape != ErrorShape::aws) {
      end_stream(reply, *fault.after_events, error_event(refusal, shape));
      return true;
    }
    if (fault.after_events && reply.streamed) {
      const std::string type = member_name(fault.name);
      const std::array<HeaderPair, 3> headers{{{":exception-type", type},
                                               {":content-type", "application/json"},
                                               {":message-type", "exception"}}};
      end_stream(reply, *fault.after_events, headers, message_body(text.message));
      return true;
    }
    reply = to_reply(refusal, shape);
    if (fault.retry_after) {
      reply.headers.push_back({"x-amz-retry-after", std::to_string(fault.retry_after->count())});
    }
    return true;
  }
};

template <>
struct FaultKind<fault::ErrorMessage> {
  static constexpr std::string_view kName = "error_message";

  static fault::ErrorMessage read(ScriptObject& object) {
    return {.code = object.name("code", fault::ErrorMessage{}.code),
            .message = object.header_text("message"),
            .after_events = after_events(object)};
  }

  static bool apply(const fault::ErrorMessage& fault, Reply& reply, ErrorShape shape) {
    if (!reply.streamed) return false;
    if (shape != ErrorShape::aws) {
      end_stream(reply, fault.after_events,
                 error_event({.status = 500, .message = fault.message}, shape));
      return true;
    }
    const std::array<HeaderPair, 3> headers{{{":error-code", fault.code},
                                             {":error-message", fault.message},
                                             {":message-type", "error"}}};
    end_stream(reply, fault.after_events, headers, "");
    return true;
  }
};

template <>
struct FaultKind<fault::Truncation> {
  static constexpr std::string_view kName = "truncation";
  static constexpr std::array<std::string_view, 2> kHttpEnds{"missing", "proper"};
  static_assert(static_cast<std::size_t>(fault::HttpEnd::proper) + 1 == kHttpEnds.size());

  static fault::Truncation read(ScriptObject& object) {
    return {.after_bytes = object.count("after_bytes").value_or(0),
            .end = static_cast<fault::HttpEnd>(object.choice("http_end", kHttpEnds).value_or(0))};
  }

  static bool apply(const fault::Truncation& fault, Reply& reply) {
    if (!is_longer(reply, fault.after_bytes)) return false;
    reply.plan.cut = Cut::close;
    reply.plan.cut_after = fault.after_bytes;
    if (fault.end == fault::HttpEnd::missing) return true;

    std::vector<Frame> frames = take_body(reply);
    reply.plan = {};
    if (reply.streamed) {
      reply.frames = std::move(frames);
    } else {
      reply.body = std::move(frames.front().bytes);
    }
    return true;
  }
};

template <>
struct FaultKind<fault::DamagedChecksum> {
  static constexpr std::string_view kName = "damaged_checksum";

  static fault::DamagedChecksum read(ScriptObject& object) { return {after_events(object)}; }

  static bool apply(const fault::DamagedChecksum& fault, Reply& reply, ErrorShape shape) {
    if (shape != ErrorShape::aws || !reply.streamed || reply.frames.empty()) return false;
    Frame& frame = reply.frames[std::min(fault.after_events, reply.frames.size() - 1)];
    frame.bytes.back() = static_cast<char>(frame.bytes.back() ^ 0xFF);
    return true;
  }
};

template <>
struct FaultKind<fault::Stall> {
  static constexpr std::string_view kName = "stall";

  static fault::Stall read(ScriptObject& object) {
    return {.after_events = after_events(object), .duration = object.milliseconds("duration_ms")};
  }

  static bool apply(const fault::Stall& fault, Reply& reply) {
    const std::size_t events = std::min(fault.after_events, reply.frames.size());
    if (!fault.duration) {
      reply.plan.cut = Cut::stall;
      reply.plan.cut_after = 0;
      for (std::size_t i = 0; i < events; ++i) {
        *reply.plan.cut_after += reply.frames[i].bytes.size();
      }
      return true;
    }
    if (!reply.streamed) {
      reply.plan.before_body += *fault.duration;
      return true;
    }
    // After the last event, the wait comes before HTTP ends the body.
    if (events == reply.frames.size()) reply.frames.emplace_back();
    reply.frames[events].delay += *fault.duration;
    return true;
  }
};

template <>
struct FaultKind<fault::SlowFirstByte> {
  static constexpr std::string_view kName = "slow_first_byte";

  static fault::SlowFirstByte read(ScriptObject& object) {
    return {object.milliseconds("delay_ms").value_or(fault::SlowFirstByte{}.delay)};
  }

  static bool apply(const fault::SlowFirstByte& fault, Reply& reply) {
    reply.plan.before_head += fault.delay;
    return true;
  }
};

template <>
struct FaultKind<fault::Reset> {
  static constexpr std::string_view kName = "reset";

  static fault::Reset read(ScriptObject& object) { return {object.count("after_bytes")}; }

  static bool apply(const fault::Reset& fault, Reply& reply) {
    if (fault.after_bytes && !is_longer(reply, *fault.after_bytes)) return false;
    reply.plan.cut = Cut::reset;
    reply.plan.cut_after = fault.after_bytes;
    return true;
  }
};

template <>
struct FaultKind<fault::EmptyReply> {
  static constexpr std::string_view kName = "empty_reply";

  static fault::EmptyReply read(ScriptObject&) { return {}; }

  static bool apply(const fault::EmptyReply&, Reply& reply) {
    reply.status = 200;
    reply.body.clear();
    reply.frames.clear();
    return true;
  }
};

template <>
struct FaultKind<fault::HtmlPage> {
  static constexpr std::string_view kName = "html_page";

  static fault::HtmlPage read(ScriptObject& object) {
    return {status_of(object, fault::HtmlPage{}.status)};
  }

  static bool apply(const fault::HtmlPage& fault, Reply& reply) {
    const std::string status = std::to_string(fault.status);
    reply = {.status = fault.status};
    reply.headers = {{"Content-Type", "text/html"}};
    reply.body = "<html><head><title>" + status + "</title></head><body><h1>" + status +
                 "</h1><p>The gateway could not reach the service.</p></body></html>\n";
    return true;
  }
};

template <>
struct FaultKind<fault::ErrorInSuccess> {
  static constexpr std::string_view kName = "error_in_success";

  static fault::ErrorInSuccess read(ScriptObject& object) {
    return {object.text("name", fault::ErrorInSuccess{}.name)};
  }

  static bool apply(const fault::ErrorInSuccess& fault, Reply& reply) {
    reply = {};
    reply.headers = {{"Content-Type", "application/json"}};
    // The reply to an unknown path, but with status 200. Seen from Bedrock's control plane.
    json::Writer body;
    body.begin_object().key("Output").begin_object();
    body.member("__type", "com.amazon.coral.service#" + fault.name).end_object();
    body.member("Version", "1.0").end_object();
    reply.body = std::move(body).take();
    return true;
  }
};

template <>
struct FaultKind<fault::ClockOffset> {
  static constexpr std::string_view kName = "clock_offset";

  static fault::ClockOffset read(ScriptObject& object) {
    constexpr std::int64_t kMaxSeconds = 1'000'000'000;
    const auto seconds = object.number("offset_seconds", -kMaxSeconds, kMaxSeconds);
    return {std::chrono::seconds(seconds.value_or(0))};
  }

  /// Service sets the clock before there is a reply.
  static bool apply(const fault::ClockOffset&, Reply&) { return false; }
};

/// Lists of all kinds, made from the alternatives of Fault, so that no order has to be kept.
template <typename Variant>
struct KindsOf;

template <typename... Faults>
struct KindsOf<std::variant<Faults...>> {
  using Read = Fault (*)(ScriptObject&);

  static constexpr std::array<std::string_view, sizeof...(Faults)> kNames{
      FaultKind<Faults>::kName...};
  static constexpr std::array<Read, sizeof...(Faults)> kReaders{
      [](ScriptObject& object) -> Fault { return FaultKind<Faults>::read(object); }...};
};
using AllKinds = KindsOf<Fault>;

constexpr bool are_distinct(auto names) {
  std::ranges::sort(names);
  return std::ranges::adjacent_find(names) == names.end();
}
static_assert(are_distinct(AllKinds::kNames), "Two kinds of faults have the same name.");

}  // namespace

const std::array<std::string_view, std::variant_size_v<Fault>>& fault_kinds() {
  return AllKinds::kNames;
}

std::string fault_name(const Fault& fault) {
  const auto* exception = std::get_if<fault::Exception>(&fault);
  return exception != nullptr ? exception->name : std::string(AllKinds::kNames[fault.index()]);
}

Fault read_fault(ScriptObject object) {
  if (!object.has("kind")) object.report("needs a \"kind\"");
  const std::optional<std::size_t> kind = object.choice("kind", AllKinds::kNames);
  if (!kind) return {};
  Fault fault = AllKinds::kReaders[*kind](object);
  object.finish();
  return fault;
}

bool only_delays(const Fault& fault) {
  const auto* stall = std::get_if<fault::Stall>(&fault);
  return std::holds_alternative<fault::SlowFirstByte>(fault) ||
         (stall != nullptr && stall->duration);
}

bool apply_fault(const Fault& fault, Reply& reply, ErrorShape shape) {
  return std::visit(
      [&]<typename T>(const T& alternative) {
        if constexpr (requires { FaultKind<T>::apply(alternative, reply, shape); }) {
          return FaultKind<T>::apply(alternative, reply, shape);
        } else {
          return FaultKind<T>::apply(alternative, reply);
        }
      },
      fault);
}

}  // namespace llm::local
