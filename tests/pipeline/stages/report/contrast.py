"""Contrast of colours, as WCAG 2 has it, for scripts of the browser's tests."""

FUNCTIONS = """
    // Colours are drawn and read back, whatever notation the style has them in.
    const pixel = (colour) => {
        const canvas = new OffscreenCanvas(1, 1).getContext("2d");
        canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((value) => value / 255);
    };
    const luminance = (colour) => pixel(colour)
        .map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
    const contrast = (one, other) => {
        const both = [luminance(one), luminance(other)].sort((a, b) => b - a);
        return (both[0] + 0.05) / (both[1] + 0.05);
    };
"""
"""Defines contrast(one, other) of two CSS colours: 1 to 21."""
