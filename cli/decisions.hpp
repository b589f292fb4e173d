#pragma once

#include "cli.hpp"
#include "post/by_hand.hpp"

namespace paymentctl::cli {

/// What every decision of a person may say about itself and about the documents it names.
struct DecisionOptions {
  std::string who;
  std::string why;
  std::string kind;
  std::string partner;
};

/// --who and --why; also --kind and --partner where documents are named.
void add_decision_options(CLI::App& command, DecisionOptions& options, bool names_documents);

/// The name in the journal: --who, else the login name.
std::string decider(const DecisionOptions& options);

DocumentName document_name(const DecisionOptions& options, const std::string& number);

/// "130100024=500.00" or "130100024"; a number may hold an equals sign itself.
Share share_of(const DecisionOptions& options, const std::string& text);

/// The commands assign, unassign and ignore below `payments`.
void add_payment_decisions(CommandLine& line, CLI::App& payments);

}  // namespace paymentctl::cli
