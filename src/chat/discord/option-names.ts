/**
 * How many files one option of kind media becomes. Discord takes one file per attachment option, so a media option is
 * followed by more of the same name with a number, and the option that describes a file by as many descriptions.
 */
import type { OptionSpecs } from '../../core/command.ts';

/** Four is what most networks take in one post; Discord allows 25 options in all. */
const FILES_MAX = 4;

/** The option that holds the description of a file for those who cannot see it (the product's common name for it). */
const DESCRIPTION_OPTION = 'alt';

/** `media` → `media`, `media2`, `media3`, `media4`. */
export function numberedNames(name: string): readonly string[] {
  return Array.from({ length: FILES_MAX }, (_, index) => (index === 0 ? name : `${name}${index + 1}`));
}

/** The names of the attachment options that stand for the media option of these specs; none where there is no such option. */
export function fileOptionNames(specs: OptionSpecs): readonly string[] {
  const media = Object.entries(specs).find(([, spec]) => spec.kind === 'media');
  return media ? numberedNames(media[0]) : [];
}

/** The names of the options that describe the files, in the same order; none where the specs have no such option. */
export function descriptionOptionNames(specs: OptionSpecs): readonly string[] {
  const described = specs[DESCRIPTION_OPTION]?.kind === 'text' && fileOptionNames(specs).length > 0;
  return described ? numberedNames(DESCRIPTION_OPTION) : [];
}
