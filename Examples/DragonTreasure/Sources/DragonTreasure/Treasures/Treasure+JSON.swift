import TesseraCore
import TesseraJOSE
import TesseraJSON

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
