extension String {
    /// Reports whether both texts consist of the same bytes. Swift's `==` treats canonically equivalent texts as equal;
    /// JSON compares them unit by unit (RFC 8259 §8.3).
    func isSameText(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
