/**
 * Options of the sound resampler. Each takes a value.
 * Names of FFmpeg 5.1 as Debian builds it, those that 7.0 added, and those that went after 4.3.
 */
export const resamplerOptions: Readonly<Record<string, string>> = {
  generic: `
    ich in_channel_count och out_channel_count uch used_channel_count isr in_sample_rate osr
    out_sample_rate isf in_sample_fmt osf out_sample_fmt tsf internal_sample_fmt icl in_channel_layout
    ocl out_channel_layout ichl in_chlayout ochl out_chlayout clev center_mix_level slev
    surround_mix_level lfe_mix_level rmvol rematrix_volume rematrix_maxval flags swr_flags dither_scale
    dither_method filter_size phase_shift linear_interp exact_rational cutoff resample_cutoff resampler
    precision cheby min_comp min_hard_comp comp_duration max_soft_comp async first_pts matrix_encoding
    filter_type kaiser_beta output_sample_bits uchl used_chlayout
  `,
}
