/// The names and descriptions of the treasures in the fixtures.
enum Hoard {
    /// Twice as many treasures as things, each of another material than its twin.
    static func name(_ index: Int, seed: UInt64) -> String {
        let material = materials[(Int(seed % 8) + index * 3 + index / things.count) % materials.count]
        return "\(material) \(things[index % things.count].name)"
    }

    static func description(_ index: Int) -> String { things[index % things.count].story }

    private static let materials = [
        "Golden", "Silver", "Bronze", "Obsidian", "Amber", "Ivory", "Emerald", "Iron",
    ]

    private static let things: [(name: String, story: String)] = [
        ("goblet", "Dented by a dragon's tooth, and better for it."),
        ("crown", "Worn by three kings, none of them for long."),
        ("ring", "Cursed, a little. Mostly on Tuesdays."),
        ("lamp", "Somebody lives in it and would rather not be rubbed."),
        ("mirror", "Shows what was in front of it yesterday."),
        ("dagger", "Never drawn in anger, often in boredom."),
        ("coin", "One of thirty. The others are being looked for."),
        ("harp", "Plays by itself, and knows one song."),
        ("shield", "The hole in the middle has a story of its own."),
        ("compass", "Points to the nearest inn."),
        ("chess set", "One knight is missing, and a thimble stands in for it."),
        ("telescope", "Found pointing at the neighbour's cave."),
        ("music box", "Opens only when nobody looks."),
        ("key", "Fits nothing found so far."),
        ("egg", "Warm. Nobody has dared to ask."),
        ("bracelet", "Too small for any dragon, kept all the same."),
        ("candlestick", "Melted on one side; somebody sneezed."),
        ("hourglass", "Runs a little faster towards the end."),
        ("drinking horn", "Holds more than it should."),
        ("map", "Shows where this treasure was hidden."),
    ]
}
