#pragma once

#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include "import/statement.hpp"
#include "model/error.hpp"

/// A statement from a stranger: refused with a message, or movements that are worth posting.
inline int read_statement_input(paymentctl::StatementFormat format, const std::uint8_t* data,
                                std::size_t size) {
  using namespace paymentctl;
  static const StatementSettings settings = [] {
    StatementSettings made;
    for (const char* account : {"2052601819/2010", "6066176030/0800"}) {
      made.own_accounts.push_back({AccountNumber::parse(account).value(), Currency::czk()});
    }
    made.today = Date::from(2026, 9, 1).value();
    return made;
  }();
  std::istringstream input(std::string(reinterpret_cast<const char*>(data), size));
  try {
    read_statements(input, "fuzz", format, settings, [](const StatementMovement& movement) {
      const Payment& payment = movement.payment;
      if (!payment.amount.is_payable() || !payment.own_account || movement.identity.empty()) {
        __builtin_trap();
      }
    });
  } catch (const Error& error) {
    // A statement is the bank's: what is wrong with it is never a fault of ours.
    if (error.code() != ExitCode::data) __builtin_trap();
  }
  return 0;
}
