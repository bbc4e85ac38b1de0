extension String {
    /// Whether both consist of the same bytes. To `==`, texts that Unicode calls equivalent are the same; to JSON, which
    /// compares them unit by unit (RFC 8259 §8.3), they are not.
    func isSameText(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
