// TesseraText: the rules for text from outside.
//
// `TextLimit` bounds the length of a text, in Unicode scalars and in bytes. `NameText` is the rule for a text that
// identifies a person or a thing. `DomainName` and `Normalization` give the one form by which addresses are compared. ASCII
// text needs nothing but this code; other text needs libidn2 and the library beneath it, which `UnicodeLibrary` loads when
// it is first needed.
//
// Depends on libidn2 alone. Begin with `NameText.swift`.
