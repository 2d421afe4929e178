#include "local/script/faults.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "aws/event_stream.hpp"
#include "base/overloaded.hpp"
#include "json/writer.hpp"
#include "local/frontend/exceptions.hpp"

namespace llm::local {
namespace {

/// The name of an exception inside a stream: that of a member. Source: botocore, ResponseStream.
std::string member_name(std::string name) {
  if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z') name[0] += 'a' - 'A';
  return name;
}

std::string message_body(std::string_view message) {
  json::Writer body;
  body.begin_object().member("message", message).end_object();
  return std::move(body).take();
}

/// Ends the stream behind `after_events` events with one message.
void end_stream(Reply& reply, std::size_t after_events,
                std::span<const std::pair<std::string_view, std::string_view>> headers,
                std::string_view payload) {
  Frame last;
  aws::append_event_message(headers, payload, last.bytes);
  if (!reply.frames.empty()) last.delay = reply.frames.front().delay;
  reply.frames.resize(std::min(after_events, reply.frames.size()));
  reply.frames.push_back(std::move(last));
}

bool apply(const fault::Exception& fault, Reply& reply) {
  ExceptionText words = exception_text(fault.name);
  if (!fault.message.empty()) words.message = fault.message;
  if (fault.after_events && reply.streamed) {
    const std::string type = member_name(fault.name);
    const std::array<std::pair<std::string_view, std::string_view>, 3> headers{
        {{":exception-type", type},
         {":content-type", "application/json"},
         {":message-type", "exception"}}};
    end_stream(reply, *fault.after_events, headers, message_body(words.message));
    return true;
  }
  reply = to_reply({.status = fault.status != 0 ? fault.status : words.status,
                    .name = words.name,
                    .message = std::string(words.message),
                    .layer = words.layer});
  if (fault.retry_after) {
    reply.headers.push_back({"x-amz-retry-after", std::to_string(fault.retry_after->count())});
  }
  return true;
}

bool apply(const fault::ErrorMessage& fault, Reply& reply) {
  if (!reply.streamed) return false;
  const std::array<std::pair<std::string_view, std::string_view>, 3> headers{
      {{":error-code", fault.code}, {":error-message", fault.message}, {":message-type", "error"}}};
  end_stream(reply, fault.after_events, headers, "");
  return true;
}

/// Whether a body has more than so many bytes, so that a cut there leaves something out.
bool is_longer(const Reply& reply, std::size_t bytes) {
  std::size_t all = reply.body.size();
  for (const Frame& frame : reply.frames) all += frame.bytes.size();
  return all > bytes;
}

bool apply(const fault::Truncation& fault, Reply& reply) {
  if (!is_longer(reply, fault.after_bytes)) return false;
  reply.plan.cut = Cut::close;
  reply.plan.cut_after = fault.after_bytes;
  if (fault.end == fault::HttpEnd::missing) return true;

  std::vector<Frame> rest = take_body(reply);
  reply.plan = {};
  if (reply.streamed) {
    reply.frames = std::move(rest);
  } else {
    reply.body = std::move(rest.front().bytes);
  }
  return true;
}

bool apply(const fault::DamagedChecksum& fault, Reply& reply) {
  if (!reply.streamed || reply.frames.empty()) return false;
  Frame& frame = reply.frames[std::min(fault.after_events, reply.frames.size() - 1)];
  frame.bytes.back() = static_cast<char>(frame.bytes.back() ^ 0xFF);
  return true;
}

bool apply(const fault::Stall& fault, Reply& reply) {
  const std::size_t events = std::min(fault.after_events, reply.frames.size());
  if (!fault.duration) {
    reply.plan.cut = Cut::stall;
    reply.plan.cut_after = 0;
    for (std::size_t i = 0; i < events; ++i) *reply.plan.cut_after += reply.frames[i].bytes.size();
    return true;
  }
  if (!reply.streamed) {
    reply.plan.before_body += *fault.duration;
    return true;
  }
  // Behind all events the wait is before the end that HTTP gives the body.
  if (events == reply.frames.size()) reply.frames.emplace_back();
  reply.frames[events].delay += *fault.duration;
  return true;
}

bool apply(const fault::SlowFirstByte& fault, Reply& reply) {
  reply.plan.before_head += fault.delay;
  return true;
}

bool apply(const fault::Reset& fault, Reply& reply) {
  if (fault.after_bytes && !is_longer(reply, *fault.after_bytes)) return false;
  reply.plan.cut = Cut::reset;
  reply.plan.cut_after = fault.after_bytes;
  return true;
}

bool apply(const fault::EmptyReply&, Reply& reply) {
  reply.status = 200;
  reply.body.clear();
  reply.frames.clear();
  return true;
}

bool apply(const fault::HtmlPage& fault, Reply& reply) {
  const std::string status = std::to_string(fault.status);
  reply = {.status = fault.status};
  reply.headers = {{"Content-Type", "text/html"}};
  reply.body = "<html><head><title>" + status + "</title></head><body><h1>" + status +
               "</h1><p>The gateway has nobody to ask.</p></body></html>\n";
  return true;
}

bool apply(const fault::ErrorInSuccess& fault, Reply& reply) {
  reply = {};
  reply.headers = {{"Content-Type", "application/json"}};
  // As an unknown path is replied to, but with 200. Seen from Bedrock's control plane.
  json::Writer body;
  body.begin_object().key("Output").begin_object();
  body.member("__type", "com.amazon.coral.service#" + fault.name).end_object();
  body.member("Version", "1.0").end_object();
  reply.body = std::move(body).take();
  return true;
}

bool apply(const fault::ClockOffset&, Reply&) { return false; }

}  // namespace

std::string fault_name(const Fault& fault) {
  const auto* exception = std::get_if<fault::Exception>(&fault);
  return exception != nullptr ? exception->name : std::string(kFaultKinds[fault.index()]);
}

bool apply_fault(const Fault& fault, Reply& reply) {
  return std::visit([&reply](const auto& kind) { return apply(kind, reply); }, fault);
}

}  // namespace llm::local
