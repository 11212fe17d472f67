package file

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// picture decodes and writes anew, so that only pixels survive: no place, no
// camera, no hidden second file. The pixels are counted before any is decoded.
func picture(raw []byte, kind string, l Limits) (*cleaned, error) {
	broken := l.invalid("file.broken", "The picture cannot be read. It may be damaged.")
	config, err := decodeConfig(raw, kind)
	if err != nil || config.Width < 1 || config.Height < 1 {
		return nil, broken
	}
	if int64(config.Width)*int64(config.Height) > int64(l.Pixels) {
		return nil, l.invalid("file.pixels", "The picture is too large. At most {size} million pixels are possible.",
			"size", megabytes(int64(l.Pixels)))
	}
	if kind == JPEG && scans(raw) > maxScans {
		return nil, broken
	}
	img, err := decode(raw, kind)
	if err != nil {
		return nil, broken
	}
	img = turn(shrink(img, l.Side), orientation(raw, kind))
	var out bytes.Buffer
	kept := PNG
	if kind == JPEG || kind == WebP && opaque(img) {
		kept = JPEG
		err = jpeg.Encode(&out, img, &jpeg.Options{Quality: 85})
	} else {
		err = png.Encode(&out, img)
	}
	if err != nil {
		return nil, broken
	}
	b := img.Bounds()
	return &cleaned{kind: kept, content: bytes.NewReader(out.Bytes()), width: b.Dx(), height: b.Dy(), close: func() {}}, nil
}

func decodeConfig(raw []byte, kind string) (image.Config, error) {
	switch r := bytes.NewReader(raw); kind {
	case JPEG:
		return jpeg.DecodeConfig(r)
	case PNG:
		return png.DecodeConfig(r)
	case WebP:
		return webp.DecodeConfig(r)
	}
	return image.Config{}, errors.New("file: not a picture")
}

func decode(raw []byte, kind string) (image.Image, error) {
	switch r := bytes.NewReader(raw); kind {
	case JPEG:
		return jpeg.Decode(r)
	case PNG:
		return png.Decode(r)
	case WebP:
		return webp.Decode(r)
	}
	return nil, errors.New("file: not a picture")
}

func opaque(img image.Image) bool {
	o, ok := img.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// canvas is a fresh picture that keeps transparency where there is some.
func canvas(w, h int, like image.Image) draw.Image {
	if opaque(like) {
		return image.NewRGBA(image.Rect(0, 0, w, h)) // JPEG encodes it fast
	}
	return image.NewNRGBA(image.Rect(0, 0, w, h))
}

// shrink brings the longer side down to side: costly phones, thin lines.
// Whole factors are averaged first: the smooth filters of x/image/draw would
// take half a gigabyte for a large photograph.
func shrink(img image.Image, side int) image.Image {
	b := img.Bounds()
	longer := max(b.Dx(), b.Dy())
	if longer <= side {
		return img
	}
	if k := longer / side; k > 1 {
		img = average(img, k)
		b = img.Bounds()
	}
	if longer = max(b.Dx(), b.Dy()); longer <= side {
		return img
	}
	dst := canvas(max(1, b.Dx()*side/longer), max(1, b.Dy()*side/longer), img)
	xdraw.ApproxBiLinear.Scale(dst, dst.Bounds(), img, b, draw.Src, nil)
	return dst
}

// average makes one pixel of k by k; the last ones are of what is left.
func average(img image.Image, k int) image.Image {
	b := img.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, (b.Dx()+k-1)/k, (b.Dy()+k-1)/k)) // premultiplied, so that averages are right
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), k))
	for y := range dst.Rect.Dy() {
		rows := min(k, b.Dy()-y*k)
		draw.Draw(strip, image.Rect(0, 0, b.Dx(), rows), img, image.Pt(b.Min.X, b.Min.Y+y*k), draw.Src)
		for x := range dst.Rect.Dx() {
			columns := min(k, b.Dx()-x*k)
			var sum [4]int
			for row := range rows {
				from := strip.Pix[row*strip.Stride+4*x*k:][:4*columns]
				for i, v := range from {
					sum[i&3] += int(v)
				}
			}
			for i, n := range sum {
				dst.Pix[y*dst.Stride+4*x+i] = byte(n / (rows * columns))
			}
		}
	}
	return dst
}

// turn applies an EXIF orientation (1 to 8), for the note itself is dropped.
func turn(img image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	src := canvas(w, h, img)
	draw.Draw(src, src.Bounds(), img, b.Min, draw.Src)
	if orientation >= 5 {
		w, h = h, w
	}
	dst := canvas(w, h, img)
	from, fromStride := pixels(src)
	to, toStride := pixels(dst)
	right, bottom := w-1, h-1
	for y := range h {
		for x := range w {
			var sx, sy int
			switch orientation {
			case 2:
				sx, sy = right-x, y
			case 3:
				sx, sy = right-x, bottom-y
			case 4:
				sx, sy = x, bottom-y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, right-x
			case 7:
				sx, sy = bottom-y, right-x
			case 8:
				sx, sy = bottom-y, x
			}
			copy(to[y*toStride+4*x:][:4], from[sy*fromStride+4*sx:][:4])
		}
	}
	return dst
}

func pixels(img draw.Image) ([]byte, int) {
	switch m := img.(type) {
	case *image.RGBA:
		return m.Pix, m.Stride
	case *image.NRGBA:
		return m.Pix, m.Stride
	}
	panic("file: not a canvas")
}

// maxScans bounds progressive JPEGs: each scan may cost a pass over the whole
// picture and only a few octets, so a small file could keep us busy for hours.
const maxScans = 64

// scans walks the markers up to the end of the picture (ITU-T T.81, annex B);
// phones hang whole films behind it.
func scans(raw []byte) (n int) {
	for i := 2; i+1 < len(raw); {
		marker := raw[i+1]
		switch {
		case raw[i] != 0xFF, marker == 0xFF: // pixels or padding
			i++
		case marker == 0x00, marker >= 0xD0 && marker <= 0xD7: // part of the pixels
			i += 2
		case marker == 0xD9:
			return n
		default:
			if marker == 0xDA {
				n++
			}
			if i+4 > len(raw) {
				return n
			}
			i += 2 + int(binary.BigEndian.Uint16(raw[i+2:]))
		}
	}
	return n
}

// orientation finds the EXIF orientation; 1 where there is none.
func orientation(raw []byte, kind string) int {
	switch kind {
	case JPEG:
		return exifOrientation(jpegExif(raw))
	case PNG:
		return exifOrientation(chunk(raw, 8, "eXIf", binary.BigEndian, false))
	case WebP:
		return exifOrientation(chunk(raw, 12, "EXIF", binary.LittleEndian, true))
	}
	return 1
}

// jpegExif gives the TIFF block of the first Exif segment before the pixels.
func jpegExif(raw []byte) []byte {
	for i := 2; i+4 <= len(raw) && raw[i] == 0xFF; {
		marker, size := raw[i+1], int(binary.BigEndian.Uint16(raw[i+2:]))
		if marker == 0xFF { // padding
			i++
			continue
		}
		if marker == 0xDA || size < 2 || i+2+size > len(raw) {
			return nil
		}
		if segment := raw[i+4 : i+2+size]; marker == 0xE1 && bytes.HasPrefix(segment, []byte("Exif\x00\x00")) {
			return segment
		}
		i += 2 + size
	}
	return nil
}

// chunk gives a chunk of a PNG (size, name, data, checksum) or of a RIFF file
// (name, size, data, padded to even).
func chunk(raw []byte, at int, name string, order binary.ByteOrder, riff bool) []byte {
	for at+8 <= len(raw) {
		size, called, next := int64(order.Uint32(raw[at:])), string(raw[at+4:at+8]), int64(at)+12
		if riff {
			size, called, next = int64(order.Uint32(raw[at+4:])), string(raw[at:at+4]), int64(at)+8
		}
		if int64(at)+8+size > int64(len(raw)) {
			return nil
		}
		if called == name {
			return raw[at+8 : int64(at)+8+size]
		}
		if riff {
			size += size & 1
		}
		at = int(next + size)
	}
	return nil
}

// exifOrientation reads tag 0x0112 of the first directory (EXIF 2.3, 4.6.2).
func exifOrientation(b []byte) int {
	b = bytes.TrimPrefix(b, []byte("Exif\x00\x00"))
	if len(b) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	switch string(b[:2]) {
	case "II":
		order = binary.LittleEndian
	case "MM":
	default:
		return 1
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 1
	}
	entries := int64(order.Uint16(b[at:]))
	for at += 2; entries > 0 && at+12 <= int64(len(b)); entries, at = entries-1, at+12 {
		if order.Uint16(b[at:]) == 0x0112 {
			if o := int(order.Uint16(b[at+8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
	}
	return 1
}
