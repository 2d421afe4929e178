#include "local/journal/journal.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/text.hpp"
#include "local/frontend/authentication.hpp"

namespace llm::local {
namespace {

/// Headers that are known to hold no secret. A list of those that do would soon be out of date.
constexpr std::array<std::string_view, 17> kHarmlessHeaders{":authority",
                                                            "accept",
                                                            "accept-encoding",
                                                            "amz-sdk-invocation-id",
                                                            "amz-sdk-request",
                                                            "connection",
                                                            "content-length",
                                                            "content-type",
                                                            "date",
                                                            "expect",
                                                            "host",
                                                            "transfer-encoding",
                                                            "user-agent",
                                                            "x-amz-date",
                                                            "x-amz-content-sha256",
                                                            "x-amz-user-agent",
                                                            "x-amzn-bedrock-accept"};

// Bounds an entry; the entry says how much was cut.
constexpr std::size_t kMaxJournalBodyBytes = 1024 * 1024;

/// The beginning of a body, whole characters of UTF-8.
std::string beginning_of(std::string_view body) {
  if (body.size() <= kMaxJournalBodyBytes) return std::string(body);
  std::size_t end = kMaxJournalBodyBytes;
  // A character has three bytes more at most.
  const std::size_t least = end - 3;
  while (end > least && (static_cast<unsigned char>(body[end]) & 0xC0U) == 0x80U) --end;
  return std::string(body.substr(0, end));
}

/// Approximate memory of an entry, in bytes.
std::size_t size_of(const JournalEntry& entry) {
  std::size_t bytes = sizeof entry;
  for (const std::string* text :
       {&entry.method, &entry.path, &entry.model, &entry.access_key_id, &entry.exception,
        &entry.request_id, &entry.fault, &entry.request_body, &entry.reply_body}) {
    bytes += text->size();
  }
  for (const HttpHeader& header : entry.headers) {
    bytes += sizeof header + header.name.size() + header.value.size();
  }
  return bytes;
}

bool is_harmless(std::string_view name) {
  return std::ranges::find(kHarmlessHeaders, base::to_lower(name)) != kHarmlessHeaders.end();
}

/// The name of the exception in a reply; empty for a success.
std::string exception_of(const Reply& reply) {
  for (const HttpHeader& header : reply.headers) {
    if (header.name == "x-amzn-ErrorType") return header.value.substr(0, header.value.find(':'));
  }
  return {};
}

std::string request_id_of(const Reply& reply) {
  for (const HttpHeader& header : reply.headers) {
    if (header.name == "x-amzn-RequestId") return header.value;
  }
  return {};
}

/// The target without its query; empty for a URL, which can contain a password.
std::string path_of(std::string_view target) {
  if (!target.starts_with('/')) return {};
  return std::string(target.substr(0, target.find('?')));
}

void text_or_null(std::string_view name, std::string_view text, json::Writer& writer) {
  writer.key(name);
  text.empty() ? writer.null() : writer.string(text);
}

}  // namespace

JournalEntry journal_entry(const Request& request, const HandledRequest& handled,
                           base::TimePoint received_at) {
  JournalEntry entry{.received_at = received_at,
                     .method = request.method,
                     .path = path_of(request.target),
                     .operation = handled.operation,
                     .model = handled.model,
                     .access_key_id = access_key_id_of(request),
                     .status = handled.reply.status,
                     .exception = exception_of(handled.reply),
                     .request_id = request_id_of(handled.reply),
                     .rule = handled.rule,
                     .fault = handled.fault};
  for (const HttpHeader& header : request.headers) {
    entry.headers.push_back({header.name, is_harmless(header.name) ? header.value : "[redacted]"});
  }
  return entry;
}

void record_bodies(const Request& request, const HandledRequest& handled, JournalEntry& entry) {
  const std::string& reply = handled.recorded_body ? *handled.recorded_body : handled.reply.body;
  entry.request_body = beginning_of(request.body);
  entry.request_body_cut = request.body.size() - entry.request_body.size();
  entry.reply_body = beginning_of(reply);
  entry.reply_body_cut = reply.size() - entry.reply_body.size();
}

void write_entry(const JournalEntry& entry, json::Writer& writer) {
  writer.begin_object().key("number").integer(static_cast<std::int64_t>(entry.number));
  writer.member("received_at", base::iso8601(entry.received_at));
  writer.member("method", entry.method).member("path", entry.path);
  text_or_null("operation", to_string(entry.operation), writer);
  text_or_null("model", entry.model, writer);
  text_or_null("access_key_id", entry.access_key_id, writer);
  writer.key("headers").begin_array();
  for (const HttpHeader& header : entry.headers) {
    writer.begin_object().member("name", header.name).member("value", header.value).end_object();
  }
  writer.end_array().key("status").integer(entry.status);
  text_or_null("exception", entry.exception, writer);
  writer.member("request_id", entry.request_id).key("rule");
  entry.rule == 0 ? writer.null() : writer.integer(static_cast<std::int64_t>(entry.rule));
  text_or_null("fault", entry.fault, writer);
  text_or_null("request_body", entry.request_body, writer);
  writer.key("request_body_cut").integer(static_cast<std::int64_t>(entry.request_body_cut));
  text_or_null("reply_body", entry.reply_body, writer);
  writer.key("reply_body_cut").integer(static_cast<std::int64_t>(entry.reply_body_cut));
  writer.end_object();
}

void Journal::add(JournalEntry entry) {
  entry.number = ++count_;
  bytes_ += size_of(entry);
  entries_.push_back(std::move(entry));
  while (entries_.size() > limits_.entries || bytes_ > limits_.bytes) {
    bytes_ -= size_of(entries_.front());
    entries_.pop_front();
  }
}

void Journal::clear() {
  count_ = 0;
  bytes_ = 0;
  entries_.clear();
}

std::vector<JournalEntry> Journal::entries() const { return {entries_.begin(), entries_.end()}; }

}  // namespace llm::local
