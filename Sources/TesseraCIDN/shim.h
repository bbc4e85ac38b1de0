#pragma once
#include <idn2.h>

// Members of an enumeration that are combined to one int, which Swift would have to convert each time.
// Without IDN2_USE_STD3_ASCII_RULES, which drops what it forbids instead of refusing it.
static const int tessera_idn_flags = IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT;
