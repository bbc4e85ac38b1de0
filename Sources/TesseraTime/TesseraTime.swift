// TesseraTime owns instants, the calendar, the rules of time zones and the texts of RFC 3339, and arithmetic that stays
// within the limits of a type. It imports nothing and reads no clock: an instant always comes from the caller.
// Begin with `NumericDate.swift`.
