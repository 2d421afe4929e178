#include "cli/options/parse.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "cli/options/table.hpp"

namespace cli {
namespace {

template <typename Number>
std::optional<Number> read_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Seconds of `90s`, `15m`, `12h`; unset for anything else.
std::optional<int> read_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const int unit = text.back() == 's' ? 1 : text.back() == 'm' ? 60 : text.back() == 'h' ? 3600 : 0;
  const auto count = read_number<int>(text.substr(0, text.size() - 1));
  int seconds = 0;
  if (unit == 0 || !count || *count < 0 || __builtin_mul_overflow(*count, unit, &seconds)) {
    return std::nullopt;
  }
  return seconds;
}

/// What is wrong with an integer; empty if nothing is.
std::string integer_fault(const Option& option, std::string_view value) {
  if (option.kind == Kind::integer_or_max && value == "max") return {};
  const auto number = read_number<int>(value);
  if (!number) return "\"" + std::string(value) + "\" is not a whole number";
  if (option.first == option.last) return {};
  if (option.first <= *number && *number <= option.last) return {};
  return "Value " + std::string(value) + " not in range " + std::to_string(option.first) + " to " +
         std::to_string(option.last);
}

/// What is wrong with a value; empty if nothing is.
std::string value_fault(const Option& option, std::string_view value) {
  if (value.empty() && !option.may_be_empty) {
    return "The value is empty. Is a shell variable unset?";
  }
  if (!option.words.empty() && std::ranges::find(option.words, value) == option.words.end()) {
    return "\"" + std::string(value) + "\" is not " + alternatives(option.words);
  }
  switch (option.kind) {
    case Kind::integer:
    case Kind::integer_or_max:
      return integer_fault(option, value);
    case Kind::real:
      return read_number<double>(value) ? "" : "\"" + std::string(value) + "\" is not a number";
    case Kind::duration:
      return read_duration(value) ? ""
                                  : "\"" + std::string(value) + "\" is not a number of s, m or h";
    case Kind::flag:
    case Kind::text:
      break;
  }
  return {};
}

/// Reads one command line.
class Reader {
 public:
  Reader(const CommandOptions& command, std::span<const std::string> arguments)
      : command_(command), arguments_(arguments), positional_(positional_of(command)) {}

  std::expected<Given, std::string> read() {
    while (next_ < arguments_.size()) {
      const std::string& word = arguments_[next_++];
      if (std::string fault = take(word); !fault.empty()) return std::unexpected(std::move(fault));
    }
    if (given_.has(kHelp)) return std::move(given_);
    if (!unexpected_.empty()) return std::unexpected(unexpected_words());
    if (std::string fault = conflict(); !fault.empty()) return std::unexpected(std::move(fault));
    return std::move(given_);
  }

 private:
  std::string take(const std::string& word) {
    if (only_words_ || word.size() < 2 || word.front() != '-') return take_word(word);
    if (word == "--") {
      only_words_ = true;
      return {};
    }
    return word[1] == '-' ? take_long(word) : take_short(word);
  }

  std::string take_word(const std::string& word) {
    if (positional_ == nullptr || (given_.has(*positional_) && !positional_->may_repeat)) {
      unexpected_.push_back(word);
      return {};
    }
    return add(*positional_, word);
  }

  std::string take_long(const std::string& word) {
    const std::size_t equals = word.find('=');
    const Option* const option = find_option(command_, word.substr(0, equals));
    if (option == nullptr) {
      unexpected_.push_back(word);
      return {};
    }
    if (equals == std::string::npos)
      return option->is_flag() ? add(*option, {}) : take_value(*option);
    if (option->is_flag()) return std::string(option->name) + " takes no value";
    return add(*option, word.substr(equals + 1));
  }

  /// `-m ID` or `-mID`.
  std::string take_short(const std::string& word) {
    const Option* const option = find_option(command_, std::string_view(word).substr(0, 2));
    if (option == nullptr || (option->is_flag() && word.size() > 2)) {
      unexpected_.push_back(word);
      return {};
    }
    if (option->is_flag()) return add(*option, {});
    return word.size() > 2 ? add(*option, word.substr(2)) : take_value(*option);
  }

  std::string take_value(const Option& option) {
    if (next_ == arguments_.size()) return std::string(option.name) + " needs a value";
    return add(option, arguments_[next_++]);
  }

  std::string add(const Option& option, std::string_view value) {
    if (option.is_flag()) {
      if (!given_.has(option)) given_.add(option, {});
      return {};
    }
    if (!option.may_repeat && given_.has(option)) {
      return std::string(option.name) + " may be given only once";
    }
    do {
      const std::size_t end = option.is_list ? value.find(',') : std::string_view::npos;
      const std::string_view part = value.substr(0, end);
      if (const std::string fault = value_fault(option, part); !fault.empty()) {
        return std::string(option.is_positional() ? option.argument : option.name) + ": " + fault;
      }
      given_.add(option, std::string(part));
      value = end == std::string_view::npos ? std::string_view() : value.substr(end + 1);
    } while (!value.empty());
    return {};
  }

  [[nodiscard]] std::string unexpected_words() const {
    std::string message = unexpected_.size() == 1 ? "The following argument was not expected:"
                                                  : "The following arguments were not expected:";
    for (const std::string& word : unexpected_) message += ' ' + word;
    return message;
  }

  /// Options that exclude or need each other.
  [[nodiscard]] std::string conflict() const {
    std::string fault;
    for_each_option(command_, [&](const Option& option) {
      if (!fault.empty() || !given_.has(option)) return;
      for (const std::string_view other : option.excludes) {
        if (!given_.has(*find_option(command_, other))) continue;
        fault = std::string(option.name) + " excludes " + std::string(other);
        return;
      }
      if (!option.needs.empty() && !given_.has(*find_option(command_, option.needs))) {
        fault = std::string(option.name) + " needs " + std::string(option.needs);
      }
    });
    return fault;
  }

  const CommandOptions& command_;
  std::span<const std::string> arguments_;
  const Option* positional_;
  std::size_t next_ = 0;
  bool only_words_ = false;
  Given given_;
  std::vector<std::string> unexpected_;
};

}  // namespace

const std::string* Given::find(const Option& option) const {
  const auto found = std::ranges::find(values_, &option, &decltype(values_)::value_type::first);
  return found == values_.end() ? nullptr : &found->second;
}

std::string Given::text(const Option& option) const {
  const std::string* const value = find(option);
  return value == nullptr ? std::string(option.standard) : *value;
}

std::vector<std::string> Given::texts(const Option& option) const {
  std::vector<std::string> texts;
  for (const auto& [given, value] : values_) {
    if (given == &option) texts.push_back(value);
  }
  return texts;
}

std::optional<int> Given::integer(const Option& option) const {
  return read_number<int>(text(option));
}

std::optional<double> Given::real(const Option& option) const {
  return read_number<double>(text(option));
}

std::optional<std::chrono::seconds> Given::duration(const Option& option) const {
  const std::optional<int> seconds = read_duration(text(option));
  if (!seconds) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

std::expected<Given, std::string> parse_options(const CommandOptions& command,
                                                std::span<const std::string> arguments) {
  return Reader(command, arguments).read();
}

}  // namespace cli
