import Testing

@testable import TesseraServer

@Suite struct NewTokenPageTests {
    static func page(
        form: NewTokenPage.Form = .init(), problems: [NewTokenPage.Problem] = []
    ) -> NewTokenPage {
        NewTokenPage(
            context: .signedIn(), scopes: NewTokenPage.OfferedScope.catalogue, form: form, problems: problems)
    }

    @Test func fieldsHaveTheNamesAndLabelsThatToolsLookFor() {
        let document = Self.page().document
        #expect(document.label(for: "name") == "Token name")
        #expect(document.label(for: "expires") == "Expiration")
        #expect(document.label(for: "expires_on") == "Or until a date")
        #expect(document.element(id: "name")?.attributes["name"] == "name")
        #expect(document.element(id: "expires")?.attributes["name"] == "expires")
        #expect(document.element(id: "expires_on")?.attributes["type"] == "date")
        #expect(document.first("button") { $0.text == "Create token" }?.attributes["type"] == "submit")
        #expect(document.first("legend")?.text == "Scopes")
    }

    @Test func thirtyDaysAreChosenUnlessSaidOtherwise() {
        let options = Self.page().document.all("option")
        #expect(options.map { $0.attributes["value"] } == ["7d", "30d", "90d", "365d", "never"])
        #expect(options.filter { $0.attributes["selected"] != nil }.map(\.text) == ["30 days"])
    }

    @Test func linkIsToldWithWhatItAskedForInVain() throws {
        var page = Self.page()
        page.link = .init(scopesLeftOut: ["a", "b", "c", "d", "e", "f"], isExpirationLeftOut: true)
        let note = try #require(page.document.element(id: "link-note")).text
        #expect(note.contains("This form came filled in."))
        #expect(note.contains("a, b, c, d, e and 1 more."))
        #expect(note.contains("Its expiration is left out"))
        page.link = .init()
        #expect(page.document.element(id: "link-note")?.text.contains("eft out") == false)
        #expect(Self.page().document.element(id: "link-note") == nil)
        page.link = .init(scopesLeftOut: [hostile])
        expectNoMarkup(from: page)
    }

    @Test func obstacleIsToldAtTheTop() {
        var page = Self.page()
        page.obstacle = "You have 100 tokens."
        #expect(page.document.element(id: "error-summary")?.text == "You have 100 tokens.")
    }

    @Test func everyOfferedScopeIsACheckbox() {
        let document = Self.page().document
        let boxes = document.all("input").filter { $0.attributes["type"] == "checkbox" }
        #expect(boxes.map { $0.attributes["value"] } == ["treasure:create", "treasure:edit", "user:edit"])
        #expect(boxes.allSatisfy { $0.attributes["name"] == "scopes" && $0.attributes["checked"] == nil })
        let labels = document.all("label").filter { $0.attributes["class"] == "check" }
        #expect(labels.first?.text == "treasure:create Create treasures")
    }

    @Test func whatWasTypedIsKept() {
        let form = NewTokenPage.Form(
            name: "CI", expires: "90d", expiresOn: "2027-03-03", scopes: ["user:edit", "admin:all"])
        let document = Self.page(form: form, problems: [.init(field: .scopes, message: "Not yours.")])
            .document
        #expect(document.element(id: "name")?.attributes["value"] == "CI")
        #expect(document.element(id: "expires_on")?.attributes["value"] == "2027-03-03")
        #expect(document.all("option").filter { $0.attributes["selected"] != nil }.map(\.text) == ["90 days"])
        let ticked = document.all("input").filter { $0.attributes["checked"] != nil }
        #expect(ticked.map { $0.attributes["value"] } == ["user:edit"])
    }

    @Test(arguments: [
        (NewTokenPage.Field.name, "name"), (.expires, "expires"), (.expiresOn, "expires_on"),
        (.scopes, "scopes"),
    ])
    func problemStandsBesideItsFieldAndAtTheTop(field: NewTokenPage.Field, id: String) throws {
        let page = Self.page(problems: [.init(field: field, message: "Change this.")])
        let document = page.document
        let control = try #require(document.element(id: id))
        #expect(control.attributes["aria-describedby"]?.split(separator: " ").first == "\(id)-error")
        #expect(document.element(id: "\(id)-error")?.text == "Change this.")
        // A group of checkboxes cannot be invalid itself; its message is its description.
        #expect(control.attributes["aria-invalid"] == (field == .scopes ? nil : "true"))
        let link = document.first("a") { $0.attributes["href"] == "#\(id)" }
        #expect(link?.text == "Change this.")
        #expect(link?.ancestors.contains("form") == false)
        #expect(page.title == "Error: New token")
    }

    @Test func soundFieldsAreNotMarked() {
        let document = Self.page(problems: [.init(field: .name, message: "Name it.")]).document
        #expect(document.elements.filter { $0.attributes["aria-invalid"] != nil }.count == 1)
        #expect(Self.page().document.elements.allSatisfy { $0.attributes["aria-invalid"] == nil })
    }

    @Test func whatIsTypedIsEscaped() {
        expectNoMarkup(from: Self.page(form: .init(name: hostile)))
        expectNoMarkup(from: Self.page(form: .init(expiresOn: hostile)))
        expectNoMarkup(from: Self.page(problems: [.init(field: .scopes, message: hostile)]))
        expectNoMarkup(
            from: NewTokenPage(context: .signedIn(), scopes: [.init(name: hostile, description: "x")]))
        expectNoMarkup(
            from: NewTokenPage(context: .signedIn(), scopes: [.init(name: "x", description: hostile)]))
    }
}
