/// The bytes that pairs of hexadecimal digits stand for; spaces are passed over.
func bytes(hex: String) -> [UInt8] {
    let digits = hex.filter { $0 != " " }.map { UInt8($0.hexDigitValue!) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
