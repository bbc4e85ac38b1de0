import TesseraText

/// The part of a form field that a page shows again when it was refused.
extension TextLimit {
    /// Of an address, or of a text that is looked for.
    static let typedAddress = TextLimit(0...254)
    /// Of a name.
    static let typedName = TextLimit(0...100)
}
