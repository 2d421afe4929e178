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

void text_or_null(std::string_view name, std::string_view text, json::Writer& writer) {
  writer.key(name);
  text.empty() ? writer.null() : writer.string(text);
}

}  // namespace

JournalEntry journal_entry(const Request& request, const HandledRequest& handled,
                           base::TimePoint received_at) {
  JournalEntry entry{.received_at = received_at,
                     .method = request.method,
                     .path = request.target.substr(0, request.target.find('?')),
                     .operation = handled.operation,
                     .model = handled.model,
                     .access_key_id = std::string(access_key_id_of(request)),
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
  text_or_null("reply_body", entry.reply_body, writer);
  writer.end_object();
}

void Journal::add(JournalEntry entry) {
  entry.number = ++count_;
  entries_.push_back(std::move(entry));
  if (entries_.size() > capacity_) entries_.pop_front();
}

void Journal::clear() {
  count_ = 0;
  entries_.clear();
}

std::vector<JournalEntry> Journal::entries() const { return {entries_.begin(), entries_.end()}; }

}  // namespace llm::local
