#include "base/errors.hpp"

#include <gtest/gtest.h>

namespace llm::base {
namespace {

using std::chrono::milliseconds;

TEST(Errors, word_a_cancelled_call_in_one_way) {
  const Error error = cancelled("Converse");

  EXPECT_EQ(error.code, ErrorCode::cancelled);
  EXPECT_EQ(error.message, "Converse was cancelled.");
  EXPECT_EQ(error.advice, "");
}

TEST(Errors, name_the_time_limit_as_it_was_set) {
  const Error error = time_limit_passed(TimeLimit::total, "Converse", milliseconds(60));

  EXPECT_EQ(error.code, ErrorCode::timeout_error);
  EXPECT_EQ(error.message, "Converse did not finish within 60 ms (time limit).");
  EXPECT_EQ(error.advice, "Raise the timeout, or ask for a shorter completion.");
}

TEST(Errors, give_each_time_limit_its_own_text_and_advice) {
  const Error connect = time_limit_passed(TimeLimit::connect, "host.example", milliseconds(5));
  const Error first = time_limit_passed(TimeLimit::first_byte, "host.example", milliseconds(5));
  const Error idle = time_limit_passed(TimeLimit::idle, "host.example", milliseconds(5));
  const Error upload = time_limit_passed(TimeLimit::upload, "host.example", milliseconds(5));

  EXPECT_EQ(connect.message, "Could not connect to host.example within 5 ms (connect limit).");
  EXPECT_EQ(
      first.message,
      "The host host.example sent no response within 5 ms (first-byte limit). The request may "
      "have been carried out.");
  EXPECT_EQ(
      idle.message,
      "The host host.example sent nothing for 5 ms in the middle of a response (idle limit).");
  EXPECT_EQ(upload.message,
            "The host host.example accepted no more of the request for 5 ms (idle limit).");
  for (const Error& error : {connect, first, idle, upload}) EXPECT_FALSE(error.advice.empty());
}

TEST(Errors, put_context_before_and_sentences_after) {
  Error error = make_error(ErrorCode::connection_error, "The connection was reset.", "Try again.");

  add_context("STS AssumeRole", error);
  add_sentence("Not retried.", error);
  add_advice("Check the network.", error);

  EXPECT_EQ(error.message, "STS AssumeRole: The connection was reset. Not retried.");
  EXPECT_EQ(error.advice, "Try again. Check the network.");
}

}  // namespace
}  // namespace llm::base
