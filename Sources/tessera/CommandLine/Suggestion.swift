/// Suggests names for mistyped ones.
enum Suggestion {
    /// The most similar name, if one is similar enough.
    static func nearest(to word: String, in names: [String]) -> String? {
        guard word.utf8.count <= 40 else { return nil }
        let limit = max(1, word.utf8.count / 3)
        let candidates = names.map { (name: $0, distance: distance(Array(word.utf8), Array($0.utf8))) }
        guard let best = candidates.min(by: { $0.distance < $1.distance }), best.distance <= limit else {
            return nil
        }
        return best.name
    }

    /// The number of bytes to insert, delete or replace that turn one text into the other (Levenshtein distance).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = byte == other ? diagonal : 1 + min(diagonal, above, row[j])
                diagonal = above
            }
        }
        return row[right.count]
    }
}
