#pragma once

#include "model/account_number.hpp"
#include "model/currency.hpp"

namespace paymentctl {

/// An account of the company. The currency serves where the bank's mail does not say it.
struct OwnAccount {
  AccountNumber account;
  Currency currency = Currency::czk();
};

}  // namespace paymentctl
