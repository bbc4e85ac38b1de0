import Tessera

extension JSONWriter {
    /// Writes a treasure as this caller sees it.
    mutating func treasure(_ treasure: Treasure, for caller: User?) {
        object { json in
            json.member("id", treasure.id.description)
            json.member("name", treasure.name)
            json.member("description", treasure.description)
            json.member("value", treasure.value)
            json.member("cool_factor", treasure.coolFactor)
            json.member("is_published", treasure.isPublished)
            json.member("plundered_at", treasure.plunderedAt?.rfc3339)
            json.member("owner", User.path(treasure.owner))
            if treasure.owner == caller?.id { json.member("is_mine", true) }
        }
    }
}

extension JSONSchema {
    static let treasure = object(
        .required("id", .identifier),
        // Composed, a letter and its accent may have become one character.
        .required("name", .name(1...50)),
        .required("description", .prose),
        .required("value", .goldCoins, "In gold coins."),
        .required("cool_factor", .coolFactor),
        .required(
            "is_published", .bool, "Indicates that every visitor may see it, not only its owner and admins."),
        .required(
            "plundered_at", .instant.nullable,
            "The instant at which it changed its place; `null` when that is not known."),
        .required("owner", .userPath),
        .optional("is_mine", .true, "Present for the owner alone.")
    ).named("Treasure")
}
