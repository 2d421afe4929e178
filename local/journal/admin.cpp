#include "local/journal/admin.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "json/writer.hpp"
#include "local/journal/journal.hpp"

namespace llm::local {
namespace {

constexpr std::string_view kPrefix = "/_local/";

Reply admin_reply(int status, std::string body) {
  Reply reply{.status = status, .body = std::move(body)};
  reply.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  return reply;
}

Reply problem(int status, std::string_view message, std::string_view advice = {}) {
  json::Writer body;
  body.begin_object().member("message", message);
  if (!advice.empty()) body.member("advice", advice);
  body.end_object();
  return admin_reply(status, std::move(body).take());
}

/// 127.0.0.0/8 or ::1 as a literal; `127.example.com` is a name.
bool is_loopback(std::string_view host) {
  if (host == "::1") return true;
  return host.starts_with("127.") &&
         std::ranges::all_of(host, [](char c) { return c == '.' || base::is_digit(c); });
}

/// A Host header without its port and the brackets of IPv6; empty when it is malformed.
std::string_view host_name(std::string_view host) {
  const bool is_ipv6 = host.starts_with('[');
  const std::size_t end = is_ipv6 ? host.find(']') : std::min(host.find(':'), host.size());
  if (end == std::string_view::npos) return {};
  const std::string_view port = host.substr(is_ipv6 ? end + 1 : end);
  const bool is_well_formed = port.empty() || (port.starts_with(':') &&
                                               std::ranges::all_of(port.substr(1), base::is_digit));
  if (!is_well_formed) return {};
  return is_ipv6 ? host.substr(1, end - 1) : host.substr(0, end);
}

bool names_this_machine(const Request& request) {
  const auto is_host = [](const HttpHeader& header) {
    return base::equals_ignoring_case(header.name, "host");
  };
  if (std::ranges::count_if(request.headers, is_host) != 1) return false;
  const std::string_view name = host_name(request.header("host"));
  return is_loopback(name) || base::equals_ignoring_case(name, "localhost");
}

/// Only browsers send these headers; `none` is what a person has typed.
bool is_from_web_page(const Request& request) {
  return std::ranges::any_of(request.headers, [](const HttpHeader& header) {
    if (base::equals_ignoring_case(header.name, "sec-fetch-site")) return header.value != "none";
    return base::equals_ignoring_case(header.name, "origin");
  });
}

bool is_json(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  return base::equals_ignoring_case(base::trim(type), "application/json");
}

Reply list_requests(const AdminActions& actions) {
  json::Writer body;
  body.begin_object().key("requests").begin_array();
  for (const JournalEntry& entry : actions.journal()) write_entry(entry, body);
  body.end_array().key("dropped").integer(static_cast<std::int64_t>(actions.dropped()));
  body.end_object();
  return admin_reply(200, std::move(body).take());
}

Reply list_faults(const AdminActions& actions) {
  json::Writer body;
  body.begin_object().key("faults").begin_object();
  for (const auto& [name, count] : actions.faults()) {
    body.key(name).integer(static_cast<std::int64_t>(count));
  }
  body.end_object().end_object();
  return admin_reply(200, std::move(body).take());
}

Reply add_rules(const Request& request, const AdminActions& actions) {
  Result<std::vector<Rule>> rules = parse_script(request.body);
  if (!rules) return problem(400, rules.error().message, rules.error().advice);
  const auto count = static_cast<std::int64_t>(rules->size());
  for (Rule& rule : *rules) actions.add_rule(std::move(rule));
  json::Writer body;
  body.begin_object().key("added").integer(count).end_object();
  return admin_reply(200, std::move(body).take());
}

Reply reset(const AdminActions& actions) {
  actions.clear();
  return admin_reply(200, "{}");
}

}  // namespace

bool is_admin(const Request& request) { return request.target.starts_with(kPrefix); }

Reply administer(const Request& request, std::string_view address, const AdminActions& actions) {
  if (!is_loopback(address)) {
    return problem(403, "The admin endpoint is available on a loopback address only.");
  }
  if (!names_this_machine(request)) {
    return problem(403, "The Host header must name a loopback address.");
  }
  if (is_from_web_page(request)) return problem(403, "Web pages may not use the admin endpoint.");

  if (request.method == "POST" && !is_json(request.header("content-type"))) {
    return problem(415, "The Content-Type must be application/json.");
  }
  const std::string line =
      request.method + " " + request.target.substr(0, request.target.find('?'));
  if (line == "GET /_local/requests") return list_requests(actions);
  if (line == "GET /_local/faults") return list_faults(actions);
  if (line == "POST /_local/rules") return add_rules(request, actions);
  if (line == "POST /_local/reset") return reset(actions);
  return problem(404, "The admin endpoint has no such path.",
                 "Use GET /_local/requests, GET /_local/faults, POST /_local/rules or POST "
                 "/_local/reset.");
}

}  // namespace llm::local
