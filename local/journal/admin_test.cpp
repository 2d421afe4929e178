#include "local/journal/admin.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "local/test_support.hpp"

namespace llm::local {
namespace {

using test::Document;
using ::testing::HasSubstr;

constexpr std::string_view kScript =
    R"({"rules":[{"fault":{"kind":"reset"}},{"completion":{"text":"x"}}]})";

/// Records the actions of the endpoint.
struct Recorder {
  std::vector<Rule> rules{};
  int cleared = 0;

  AdminActions actions() {
    return {.journal = [] { return std::vector<JournalEntry>{{.number = 7, .status = 429}}; },
            .dropped = [] { return 6U; },
            .faults = [] { return std::map<std::string, std::uint64_t>{{"reset", 2}}; },
            .add_rule = [this](Rule rule) { rules.push_back(std::move(rule)); },
            .clear = [this] { ++cleared; }};
  }
};

Request get(std::string target) {
  return {.method = "GET", .target = std::move(target), .headers = {{"Host", "127.0.0.1:8080"}}};
}

Request post(std::string target, std::string_view body) {
  return {.method = "POST",
          .target = std::move(target),
          .headers = {{"Host", "localhost:8080"}, {"Content-Type", "application/json"}},
          .body = std::string(body)};
}

Reply reply_to(const Request& request, std::string_view address = "127.0.0.1") {
  Recorder recorder;
  return administer(request, address, recorder.actions());
}

TEST(Admin, has_paths_of_its_own) {
  EXPECT_TRUE(is_admin(get("/_local/requests")));
  EXPECT_FALSE(is_admin(get("/model/_local/invoke")));
  EXPECT_FALSE(is_admin(get("/foundation-models")));
}

TEST(Admin, lists_requests_and_faults) {
  const Document requests(reply_to(get("/_local/requests")).body);
  const Reply faults = reply_to(get("/_local/faults"));

  EXPECT_EQ(test::element(requests["requests"], 0)["number"].integer(), 7);
  EXPECT_EQ(requests["dropped"].integer(), 6);
  EXPECT_EQ(faults.body, R"({"faults":{"reset":2}})");
  EXPECT_EQ(test::header(faults, "Content-Type"), "application/json");
}

TEST(Admin, adds_rules_and_resets) {
  Recorder recorder;

  const Reply added = administer(post("/_local/rules", kScript), "127.0.0.1", recorder.actions());
  const Reply reset = administer(post("/_local/reset", ""), "127.0.0.1", recorder.actions());

  EXPECT_EQ(added.body, R"({"added":2})");
  ASSERT_EQ(recorder.rules.size(), 2U);
  EXPECT_EQ(fault_name(*recorder.rules[0].fault), "reset");
  EXPECT_EQ(reset.status, 200);
  EXPECT_EQ(recorder.cleared, 1);
}

TEST(Admin, adds_nothing_of_a_script_that_is_wrong) {
  Recorder recorder;

  const Reply reply = administer(post("/_local/rules", R"({"rules":[{},{"fault":{"kind":"x"}}]})"),
                                 "127.0.0.1", recorder.actions());

  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(test::message_of(reply), HasSubstr("rules[1].fault.kind"));
  EXPECT_EQ(Document(reply.body)["advice"].string(), "See docs/local-bedrock.md for an example.");
  EXPECT_TRUE(recorder.rules.empty());
}

TEST(Admin, serves_every_name_of_this_machine_and_no_other) {
  const std::vector<std::pair<std::string, int>> cases{{"127.0.0.1", 200},
                                                       {"127.1.2.3:80", 200},
                                                       {"localhost", 200},
                                                       {"LOCALHOST:9", 200},
                                                       {"[::1]", 200},
                                                       {"[::1]:8080", 200},
                                                       {"evil.example", 403},
                                                       {"127.evil.example", 403},
                                                       {"127.0.0.1.evil.example", 403},
                                                       {"localhost.evil", 403},
                                                       {"[::2]", 403},
                                                       {"[::1]evil.example", 403},
                                                       {"[::1]:80evil", 403},
                                                       {"[::1", 403},
                                                       {"localhost:80@evil.example", 403},
                                                       {"127.0.0.1:evil", 403},
                                                       {"", 403},
                                                       {"10.0.0.1:8080", 403},
                                                       {"evil.example:127.0.0.1", 403}};
  for (const auto& [host, status] : cases) {
    Request request = get("/_local/faults");
    request.headers = {{"Host", host}};

    EXPECT_EQ(reply_to(request).status, status) << host;
  }
}

TEST(Admin, refuses_a_second_host_and_none) {
  Request twice = get("/_local/faults");
  twice.headers.push_back({"host", "evil.example"});
  Request none = get("/_local/faults");
  none.headers.clear();

  EXPECT_EQ(reply_to(twice).status, 403);
  EXPECT_EQ(reply_to(none).status, 403);
}

TEST(Admin, refuses_web_pages) {
  const std::vector<std::pair<HttpHeader, int>> cases{{{"Origin", "https://evil.example"}, 403},
                                                      {{"Origin", "http://localhost"}, 403},
                                                      {{"Origin", "null"}, 403},
                                                      {{"Sec-Fetch-Site", "cross-site"}, 403},
                                                      {{"Sec-Fetch-Site", "same-site"}, 403},
                                                      {{"Origin", ""}, 403},
                                                      {{"Sec-Fetch-Site", ""}, 403},
                                                      {{"Sec-Fetch-Site", "none"}, 200}};
  for (const auto& [header, status] : cases) {
    Request request = post("/_local/rules", kScript);
    request.headers.push_back(header);

    EXPECT_EQ(reply_to(request).status, status) << header.name << ": " << header.value;
  }
}

TEST(Admin, refuses_web_pages_that_send_a_harmless_header_first) {
  for (const auto& [name, first, second] : {std::tuple{"Origin", "", "https://evil.example"},
                                            std::tuple{"Sec-Fetch-Site", "none", "cross-site"}}) {
    Request request = post("/_local/rules", kScript);
    request.headers.push_back({name, first});
    request.headers.push_back({name, second});

    EXPECT_EQ(reply_to(request).status, 403) << name;
  }
}

TEST(Admin, accepts_json_only) {
  for (const std::string_view type : {"", "text/plain", "application/x-www-form-urlencoded"}) {
    Request request = post("/_local/reset", "");
    request.headers[1].value = type;

    EXPECT_EQ(reply_to(request).status, 415) << type;
  }
  Request request = post("/_local/reset", "");
  request.headers[1].value = "Application/JSON; charset=utf-8";

  EXPECT_EQ(reply_to(request).status, 200);
}

TEST(Admin, changes_nothing_on_get_and_refuses_preflight) {
  EXPECT_EQ(reply_to(get("/_local/reset")).status, 404);
  Request preflight = post("/_local/reset", "");
  preflight.method = "OPTIONS";
  const Reply reply = reply_to(preflight);

  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(test::header(reply, "Access-Control-Allow-Origin"), "");
}

TEST(Admin, is_closed_while_the_server_is_open_to_others) {
  EXPECT_EQ(reply_to(get("/_local/faults"), "::1").status, 200);
  EXPECT_EQ(reply_to(get("/_local/faults"), "127.0.0.2").status, 200);
  EXPECT_EQ(reply_to(get("/_local/faults"), "0.0.0.0").status, 403);
  EXPECT_EQ(reply_to(get("/_local/faults"), "192.168.1.2").status, 403);
}

}  // namespace
}  // namespace llm::local
