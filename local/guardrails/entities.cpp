#include "local/guardrails/entities.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace llm::local {
namespace {

std::string digits_of(std::string_view text) {
  std::string digits;
  std::ranges::copy_if(text, std::back_inserter(digits), base::is_digit);
  return digits;
}

/// Source: ISO/IEC 7812-1, Luhn's check digit.
bool has_luhn_digit(std::string_view match) {
  const std::string digits = digits_of(match);
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    int digit = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
    sum += digit;
  }
  return sum % 10 == 0;
}

bool is_card_number(std::string_view match) {
  const std::size_t digits = digits_of(match).size();
  return digits >= 13 && digits <= 19 && has_luhn_digit(match);
}

/// Source: ISO 13616-1; the remainder of the number by 97 is 1.
bool is_bank_account(std::string_view match) {
  std::string letters;
  std::ranges::copy_if(match, std::back_inserter(letters), base::is_letter_or_digit);
  std::ranges::rotate(letters, letters.begin() + 4);
  int remainder = 0;
  for (const char c : letters) {
    remainder = base::is_digit(c) ? remainder * 10 + (c - '0') : remainder * 100 + (c - 'A' + 10);
    remainder %= 97;
  }
  return remainder == 1;
}

/// Forty characters of base64 are a secret key rather than a digest if they are of all kinds.
bool is_secret_key(std::string_view match) {
  const auto has = [match](char first, char last) {
    return std::ranges::any_of(match, [=](char c) { return c >= first && c <= last; });
  };
  return has('a', 'z') && has('A', 'Z') && has('0', '9');
}

struct EntityPattern {
  std::string_view type;
  std::string_view pattern;
  bool (*verify)(std::string_view) = nullptr;
};

constexpr std::array kEntityPatterns{
    EntityPattern{"EMAIL", R"([A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,})"},
    EntityPattern{
        "PHONE",
        R"(\+\d{1,3}[ .-]?\(?\d{2,4}\)?([ .-]?\d{2,4}){2,3}\b|\b\d{3}[ .-]\d{3}[ .-]\d{4}\b)"
        R"(|\(\d{3}\) ?\d{3}[ .-]\d{4}\b)"},
    EntityPattern{"IP_ADDRESS", R"(\b((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)\b)"
                                R"(|\b([0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}\b)"},
    EntityPattern{
        "URL", R"(\b(https?|ftp)://[^\s"'<>]*[A-Za-z0-9/]|\bwww\.[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)"},
    EntityPattern{"MAC_ADDRESS", R"(\b([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b)"},
    EntityPattern{"AWS_ACCESS_KEY", R"(\b(AKIA|ASIA)[A-Z0-9]{16}\b)"},
    EntityPattern{"AWS_SECRET_KEY", R"(\b[A-Za-z0-9/+]{40}\b)", &is_secret_key},
    EntityPattern{"CREDIT_DEBIT_CARD_NUMBER", R"(\b(\d[ -]?){12,18}\d\b)", &is_card_number},
    EntityPattern{"INTERNATIONAL_BANK_ACCOUNT_NUMBER",
                  R"(\b[A-Z]{2}\d{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,3})?\b)", &is_bank_account},
    EntityPattern{"US_SOCIAL_SECURITY_NUMBER", R"(\b[0-8]\d{2}-\d{2}-\d{4}\b)"},
    EntityPattern{"US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", R"(\b9\d{2}-[5-9]\d-\d{4}\b)"},
    EntityPattern{"CA_SOCIAL_INSURANCE_NUMBER", R"(\b\d{3}[ -]\d{3}[ -]\d{3}\b)", &has_luhn_digit},
    EntityPattern{"UK_NATIONAL_INSURANCE_NUMBER", R"(\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b)"},
};

std::vector<EntityDetector> make_detectors() {
  std::vector<EntityDetector> detectors;
  for (const EntityPattern& each : kEntityPatterns) {
    if (auto regex = Regex::compile(each.pattern)) {
      detectors.push_back({.type = each.type, .regex = std::move(*regex), .verify = each.verify});
    }
  }
  return detectors;
}

}  // namespace

const EntityDetector* find_entity_detector(std::string_view type) {
  static const std::vector<EntityDetector> detectors = make_detectors();
  const auto found = std::ranges::find(detectors, type, &EntityDetector::type);
  return found == detectors.end() ? nullptr : &*found;
}

}  // namespace llm::local
