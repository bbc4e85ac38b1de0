#pragma once
#include <idn2.h>

// Combines members of an enumeration into one int; in Swift, each would need a conversion.
// Omits IDN2_USE_STD3_ASCII_RULES, which drops forbidden characters instead of refusing them.
static const int tessera_idn_flags = IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT;
