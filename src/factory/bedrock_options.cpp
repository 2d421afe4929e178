#include "factory/bedrock_options.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <string>
#include <string_view>

#include "base/errors.hpp"
#include "base/text.hpp"

namespace llm::factory {
namespace {

using std::chrono::milliseconds;

Error bad_value(std::string_view key, std::string_view expected) {
  return make_error(ErrorCode::configuration_error,
                    "extra[\"" + std::string(key) + "\"] must be " + std::string(expected) + ".");
}

Result<void> read_switch(std::string_view key, std::string_view text, bool& value) {
  if (text != "true" && text != "false") return std::unexpected(bad_value(key, "true or false"));
  value = text == "true";
  return {};
}

Result<void> read_duration(std::string_view key, std::string_view text,
                           std::optional<milliseconds>& value) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) {
    return std::unexpected(bad_value(key, "a number of milliseconds, 0 for no limit"));
  }
  value = number == 0 ? std::nullopt : std::optional(milliseconds(number));
  return {};
}

Result<void> read_api(std::string_view key, std::string_view text, bedrock::Api& api) {
  if (text == "auto")
    api = bedrock::Api::automatic;
  else if (text == "invoke")
    api = bedrock::Api::invoke;
  else if (text == "converse")
    api = bedrock::Api::converse;
  else if (text == "mantle")
    api = bedrock::Api::mantle;
  else
    return std::unexpected(bad_value(key, "auto, invoke, converse or mantle"));
  return {};
}

/// Credentials set in code; all empty when there are none.
struct CodeCredentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;
};

struct Reader {
  bedrock::Options& options;
  CodeCredentials& credentials;
  std::string& base_url;
};

struct Option {
  std::string_view key;
  Result<void> (*read)(std::string_view key, const std::string& text, Reader& reader);
};

template <auto Member>
Result<void> read_text(std::string_view, const std::string& text, Reader& reader) {
  reader.options.*Member = text;
  return {};
}

template <auto Member>
Result<void> read_credential(std::string_view, const std::string& text, Reader& reader) {
  reader.credentials.*Member = text;
  return {};
}

template <auto Member>
Result<void> read_limit(std::string_view key, const std::string& text, Reader& reader) {
  return read_duration(key, text, reader.options.timeouts.*Member);
}

template <auto Member>
Result<void> read_flag(std::string_view key, const std::string& text, Reader& reader) {
  return read_switch(key, text, reader.options.*Member);
}

Result<void> read_first_byte(std::string_view key, const std::string& text, Reader& reader) {
  auto done = read_duration(key, text, reader.options.timeouts.first_byte_streaming);
  reader.options.timeouts.first_byte_buffered = reader.options.timeouts.first_byte_streaming;
  return done;
}

Result<void> read_retry_mode(std::string_view key, const std::string& text, Reader& reader) {
  if (text == "standard")
    reader.options.retry_mode = bedrock::RetryMode::standard;
  else if (text == "adaptive")
    reader.options.retry_mode = bedrock::RetryMode::adaptive;
  else
    return std::unexpected(bad_value(key, "standard or adaptive"));
  return {};
}

Result<void> read_lint(std::string_view key, const std::string& text, Reader& reader) {
  if (text == "off")
    reader.options.lint = bedrock::Lint::off;
  else if (text == "refuse")
    reader.options.lint = bedrock::Lint::refuse;
  else if (text == "repair")
    reader.options.lint = bedrock::Lint::repair;
  else
    return std::unexpected(bad_value(key, "off, refuse or repair"));
  return {};
}

Result<void> read_lint_off(std::string_view, const std::string& text, Reader& reader) {
  for (const std::string_view rule : base::split(text, ',')) {
    if (!base::trim(rule).empty()) reader.options.lint_off.emplace_back(base::trim(rule));
  }
  return {};
}

// README lists them with their meaning.
constexpr auto kOptions = std::to_array<Option>({
    {"access_key_id", read_credential<&CodeCredentials::access_key_id>},
    {"allow_plain_http", read_flag<&bedrock::Options::allow_plain_http>},
    {"api", [](std::string_view key, const std::string& text,
               Reader& reader) { return read_api(key, text, reader.options.api); }},
    {"api_key",
     [](std::string_view, const std::string& text, Reader& reader) -> Result<void> {
       reader.options.api_key = Secret(text);
       return {};
     }},
    {"base_url",
     [](std::string_view, const std::string& text, Reader& reader) -> Result<void> {
       reader.base_url = text;
       return {};
     }},
    {"base_model", read_text<&bedrock::Options::base_model>},
    {"bedrock_endpoint", read_text<&bedrock::Options::control_endpoint>},
    {"bedrock_mantle_endpoint", read_text<&bedrock::Options::mantle_endpoint>},
    {"bedrock_runtime_endpoint", read_text<&bedrock::Options::runtime_endpoint>},
    {"catalogue", read_text<&bedrock::Options::catalogue>},
    {"connect_timeout_ms", read_limit<&bedrock::Timeouts::connect>},
    {"first_byte_timeout_ms", read_first_byte},
    {"idle_timeout_ms", read_limit<&bedrock::Timeouts::idle>},
    {"lint", read_lint},
    {"lint_off", read_lint_off},
    {"profile", read_text<&bedrock::Options::profile>},
    {"project", read_text<&bedrock::Options::project>},
    {"region", read_text<&bedrock::Options::region>},
    {"retry_mode", read_retry_mode},
    {"retry_timeouts", read_flag<&bedrock::Options::retry_timeouts>},
    {"secret_access_key", read_credential<&CodeCredentials::secret_access_key>},
    {"session_token", read_credential<&CodeCredentials::session_token>},
});

Error unknown_option(std::string_view key) {
  std::string known;
  for (const Option& option : kOptions) {
    if (!known.empty()) known += ", ";
    known += option.key;
  }
  return make_error(ErrorCode::configuration_error,
                    "extra[\"" + std::string(key) + "\"] is not an option of the provider bedrock.",
                    "Known options: " + known + ".");
}

/// `bedrock_runtime_endpoint`, `base_url` and `extra.base_url` are the same setting.
Result<void> merge_endpoints(const std::string& base_url, const std::string& extra_base_url,
                             bedrock::Options& options) {
  for (const std::string& url : {base_url, extra_base_url}) {
    if (url.empty() || url == options.runtime_endpoint) continue;
    if (!options.runtime_endpoint.empty()) {
      return base::configuration_error(
          "base_url, extra[\"base_url\"] and extra[\"bedrock_runtime_endpoint\"] name different "
          "endpoints.",
          "Set only one of them.");
    }
    options.runtime_endpoint = url;
  }
  return {};
}

Result<void> use_credentials(CodeCredentials given, bedrock::Options& options) {
  if (given.access_key_id.empty() && given.secret_access_key.empty()) {
    if (given.session_token.empty()) return {};
    return base::configuration_error(
        "extra[\"session_token\"] is set without access_key_id and secret_access_key.",
        "Set all three, or none.");
  }
  if (given.access_key_id.empty() || given.secret_access_key.empty()) {
    return base::configuration_error(
        "Of extra[\"access_key_id\"] and extra[\"secret_access_key\"] only one is set.",
        "Set both, or neither.");
  }
  options.credentials = aws::static_credentials({
      .access_key_id = std::move(given.access_key_id),
      .secret_access_key = Secret(std::move(given.secret_access_key)),
      .session_token = Secret(std::move(given.session_token)),
      .source = "code",
  });
  return {};
}

}  // namespace

Result<bedrock::Options> bedrock_options(const ClientConfig& config) {
  bedrock::Options options;
  options.model = config.model;
  options.max_retries = config.max_retries;
  options.timeouts.total = config.timeout;
  if (config.timeout && *config.timeout <= milliseconds(0)) {
    return base::configuration_error("The timeout must be greater than 0.",
                                     "Leave it unset for no limit.");
  }
  CodeCredentials credentials;
  std::string extra_base_url;
  Reader reader{.options = options, .credentials = credentials, .base_url = extra_base_url};
  for (const auto& [key, text] : config.extra) {
    const auto* const option = std::ranges::find(kOptions, key, &Option::key);
    if (option == kOptions.end()) return std::unexpected(unknown_option(key));
    if (auto read = option->read(key, text, reader); !read) {
      return std::unexpected(std::move(read.error()));
    }
  }
  if (auto merged = merge_endpoints(config.base_url, extra_base_url, options); !merged) {
    return std::unexpected(std::move(merged.error()));
  }
  if (auto used = use_credentials(std::move(credentials), options); !used) {
    return std::unexpected(std::move(used.error()));
  }
  return options;
}

}  // namespace llm::factory
