/**
 * Private options of capture and playback devices, by device. Each takes a value.
 * Names of FFmpeg 5.1 as Debian builds it, those that 7.0 added, and those that went after 4.3.
 */
export const deviceOptions: Readonly<Record<string, string>> = {
  alsa: 'sample_rate channels',
  caca: 'window_size window_title driver algorithm antialias charset color list_drivers list_dither',
  fbdev: 'xoffset yoffset framerate',
  iec61883: 'dvtype dvbuffer dvguid',
  jack: 'channels',
  kmsgrab: 'device format format_modifier crtc_id plane_id framerate',
  lavfi: 'graph graph_file dumpgraph',
  libcdio: 'speed paranoia_mode',
  libdc1394: 'video_size pixel_format framerate',
  openal: 'channels sample_rate sample_size list_devices',
  opengl: 'background no_window window_title window_size',
  oss: 'sample_rate channels',
  pulse: 'server name stream_name sample_rate channels frame_size fragment_size wallclock',
  pulseaudio: 'server name stream_name device buffer_size buffer_duration prebuf minreq',
  sdl2: 'window_title window_size window_x window_y window_fullscreen window_borderless window_enable_quit',
  v4l2: `
    standard channel video_size pixel_format input_format framerate list_formats list_standards
    timestamps ts use_libv4l2
  `,
  xcbgrab: `
    window_id x y grab_x grab_y video_size framerate draw_mouse follow_mouse show_region region_border
    select_region
  `,
  xvideo: 'display_name window_id window_size window_title window_x window_y',
}
