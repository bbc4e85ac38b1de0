import TesseraHTML

/// The drawings of the pages: inline SVG in the colour of the text around it, silent to a screen reader.
enum Icon {
    /// The mark of the product: four mosaic tiles, one of them of old gold.
    static let mark = HTML(
        raw: """
            <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">\
            <path class="tile-1" d="M2.6 2.2l8 .3-.2 8.1-8.2-.2z"/>\
            <path class="tile-gold" d="M13.4 2.3l8.3.2-.3 8.2-8-.1z"/>\
            <path class="tile-2" d="M2.3 13.4l8.2.1-.1 8.2-8-.3z"/>\
            <path class="tile-3" d="M13.5 13.3l8 .2.2 8.1-8.4.1z"/></svg>
            """)

    static let menu = HTML(
        raw: """
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">\
            <path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11"/></svg>
            """)

    static let done = HTML(
        raw: """
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">\
            <path d="M3 8.5l3.2 3.2L13 4.8"/></svg>
            """)

    static let clock = HTML(
        raw: """
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">\
            <circle cx="8" cy="8" r="6"/><path d="M8 4.8V8l2.2 1.6"/></svg>
            """)

    static let ended = HTML(
        raw: """
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">\
            <circle cx="8" cy="8" r="6"/><path d="M5.2 8h5.6"/></svg>
            """)

    static let revoked = HTML(
        raw: """
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">\
            <circle cx="8" cy="8" r="6"/><path d="M3.9 12.1l8.2-8.2"/></svg>
            """)

    static let pause = HTML(
        raw: """
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">\
            <circle cx="8" cy="8" r="6"/><path d="M6.4 5.8v4.4M9.6 5.8v4.4"/></svg>
            """)

    static let exchange = HTML(
        raw: """
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">\
            <path d="M2.5 5.5h10M9.8 2.8l2.7 2.7-2.7 2.7M13.5 11h-10M6.2 8.3L3.5 11l2.7 2.7"/></svg>
            """)

    static let warning = HTML(
        raw: """
            <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">\
            <path d="M8 2.2l6.3 11.3H1.7zM8 6.6v3.2M8 11.6v.2"/></svg>
            """)
}
