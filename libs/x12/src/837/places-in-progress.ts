import type { Location } from '../problem.ts';
import type { SegmentCursor } from '../segment-cursor.ts';
import { hasDate, headLength, lineLength, serviceKinds, type PackedPlaces } from './places.ts';

/** The places of one claim while its segments are still coming, in the layout of {@link PackedPlaces}. */
export class PlacesInProgress {
  readonly #numbers: number[] = new Array<number>(headLength + lineLength).fill(0);
  #length = headLength;
  #line = headLength;

  open(clm: SegmentCursor): void {
    const numbers = this.#numbers;
    const { byteOffset } = clm;
    numbers[0] = byteOffset;
    numbers[1] = clm.ordinal;
    numbers[2] = clm.offsetOf(1) - byteOffset;
    numbers[3] = clm.offsetOf(2) - byteOffset;
    numbers[4] = clm.offsetOf(5, 3) - byteOffset;
    this.#length = headLength;
  }

  setOriginal(ref: SegmentCursor): void {
    this.#set(5, ref.ordinal, ref.offsetOf(2));
  }

  setDiagnoses(hi: SegmentCursor): void {
    this.#set(7, hi.ordinal, hi.offsetOf(1));
  }

  /** Of what the claim stands under; undefined where there is none. */
  setParents(npi: Location | undefined, taxId: Location | undefined, memberId: Location | undefined): void {
    this.#numbers[5] = this.#numbers[6] = this.#numbers[7] = this.#numbers[8] = 0;
    this.#setParent(9, npi);
    this.#setParent(11, taxId);
    this.#setParent(13, memberId);
  }

  /** CLM05-3. */
  get frequencyByteOffset(): number {
    return this.#numbers[0]! + this.#numbers[4]!;
  }

  get hasDiagnoses(): boolean {
    return this.#numbers[7] !== 0;
  }

  /** Until a service and a date come, its LX stands in for them. */
  openLine(lx: SegmentCursor): void {
    const numbers = this.#numbers;
    const line = (this.#line = this.#length);
    const ordinal = lx.ordinal - numbers[1]!;
    const offset = lx.byteOffset - numbers[0]!;
    numbers[line] = 0;
    numbers[line + 1] = numbers[line + 5] = ordinal;
    numbers[line + 2] = numbers[line + 3] = numbers[line + 4] = numbers[line + 6] = offset;
    this.#length = line + lineLength;
  }

  /** SV1 or SV2, which has the procedure in element `first`. */
  setService(kind: keyof typeof serviceKinds, service: SegmentCursor): void {
    const numbers = this.#numbers;
    const line = this.#line;
    const clm = numbers[0]!;
    const first = kind === 'SV1' ? 1 : 2;
    numbers[line]! |= serviceKinds[kind];
    numbers[line + 1] = service.ordinal - numbers[1]!;
    numbers[line + 2] = service.offsetOf(first, 2) - clm;
    numbers[line + 3] = service.offsetOf(first + 1) - clm;
    numbers[line + 4] = service.offsetOf(first + 3) - clm;
  }

  setDate(dtp: SegmentCursor): void {
    this.#numbers[this.#line]! |= hasDate;
    this.#set(this.#line + 5, dtp.ordinal, dtp.offsetOf(3));
  }

  taken(): PackedPlaces {
    return this.#numbers.slice(0, this.#length);
  }

  #set(index: number, ordinal: number, byteOffset: number): void {
    this.#numbers[index] = ordinal - this.#numbers[1]!;
    this.#numbers[index + 1] = byteOffset - this.#numbers[0]!;
  }

  #setParent(index: number, at: Location | undefined): void {
    if (at) this.#set(index, at.ordinal!, at.byteOffset);
    else this.#numbers[index] = this.#numbers[index + 1] = 0;
  }
}
