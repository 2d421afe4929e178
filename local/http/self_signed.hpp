#pragma once

#include <string>

#include <llm/error.hpp>

#include "base/time.hpp"

namespace llm::local {

/// A certificate and its private key, as PEM.
struct SelfSigned {
  std::string certificate{};
  std::string private_key{};
};

/// Makes a self-signed certificate for `localhost`, 127.0.0.1, ::1 and `address`, valid for a year.
/// It is not a certificate authority, because webpki (Rust) refuses one as a server's certificate.
/// Errors: configuration_error when OpenSSL fails, e.g. without random numbers.
[[nodiscard]] Result<SelfSigned> make_self_signed(const std::string& address, base::TimePoint now);

}  // namespace llm::local
