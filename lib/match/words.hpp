#pragma once

#include <string>
#include <vector>

#include "model/document.hpp"

namespace paymentctl {

/// The words in which the rules give their reasons.

std::string money(Amount amount, Currency currency);  ///< "10890.00 CZK"
std::string named(const Document& document);          ///< "issued invoice 130100024"
std::string named(
    const std::vector<Document>& documents);  ///< at most five of them, "… and 3 more"

}  // namespace paymentctl
