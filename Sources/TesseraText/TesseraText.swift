// TesseraText: the rules for text from outside.
//
// `TextLimit` limits the length of a text in Unicode scalars and in bytes. `NameText` is the rule for a text that
// identifies a person or a thing. `DomainName` and `Normalization` give the canonical form in which addresses are
// compared. ASCII text needs only this code; other text needs libidn2 and libunistring, which `UnicodeLibrary` loads at
// first use.
//
// Depends only on libidn2. Begin with `NameText.swift`.
