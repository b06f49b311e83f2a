use crate::world::{World, scope, testdata};
use labelscope_api::messages::*;
use labelscope_api::operations::*;
use labelscope_api::wire::Base64;

fn by_url(id: &str) -> Input {
    let image = Some(Image { url: format!("http://elsewhere/{id}.jpg"), ..Image::default() });
    Input { id: id.into(), data: Some(Box::new(Data { image, ..Data::default() })), ..Input::default() }
}

fn post(w: &World, inputs: Vec<Input>) -> MultiInputResponse {
    w.ok(&PostInputs { user_app_id: scope(), inputs, ..Default::default() })
}

#[test]
fn a_picture_by_bytes_is_kept_and_shown() {
    let w = World::new();
    let bytes = std::fs::read(testdata("indoor85/images/indoor_001.jpg")).unwrap();
    let image = Some(Image { base64: Base64(bytes), ..Image::default() });
    let sent = Input { id: "one".into(), data: Some(Box::new(Data { image, ..Data::default() })), ..Input::default() };
    post(&w, vec![sent]);
    let input = w.ok(&GetInput { user_app_id: scope(), input_id: "one".into() }).input.unwrap();
    let image = input.data.unwrap().image.unwrap();
    let (info, hosted) = (image.image_info.unwrap(), image.hosted.unwrap());
    assert_eq!((info.width, info.height), (640, 480));
    assert_eq!(image.url, format!("{}/orig/{}", hosted.prefix, hosted.suffix));
    assert!(image.base64.0.is_empty(), "bytes are never echoed");
    assert!(w.reader.lock().unwrap().media(&hosted.suffix).unwrap().unwrap().content_type == "image/jpeg");
}

#[test]
fn one_bad_input_does_not_stop_the_others() {
    let w = World::new();
    post(&w, vec![by_url("a")]);
    let junk = Input {
        id: "junk".into(),
        data: Some(Box::new(Data {
            image: Some(Image { base64: Base64(vec![1, 2, 3]), ..Image::default() }),
            ..Data::default()
        })),
        ..Input::default()
    };
    let reply = post(&w, vec![by_url("a"), by_url("b"), junk, Input::default(), by_url("b")]);
    assert_eq!(reply.status.unwrap().code, StatusCode::MIXED_STATUS);
    let codes: Vec<_> = reply.inputs.iter().map(|i| i.status.as_ref().unwrap().code.0).collect();
    assert_eq!(codes, [30100, 30000, 30101, 30104, 30100]);
    assert_eq!(reply.inputs[0].status.as_ref().unwrap().details, "Input has a duplicate ID.");
    assert_eq!(w.ok(&GetInputCount { user_app_id: scope() }).counts.unwrap().processed, 2);
    let (code, _) = w.refused(&PostInputs { user_app_id: scope(), inputs: vec![by_url("a")], ..Default::default() });
    assert_eq!(code, 10020);
    let mut again = by_url("a");
    again.data.as_mut().unwrap().image.as_mut().unwrap().allow_duplicate_url = true;
    let reply = w.ok(&PostInputs {
        user_app_id: scope(),
        inputs: vec![again],
        input_id_conflict_resolution: InputIdConflictResolution::SUFFIX,
        ..Default::default()
    });
    assert_eq!(reply.inputs[0].id, "a-1");
}

#[test]
fn pages_ids_stream_and_deletion() {
    let w = World::new();
    post(&w, (0..25).map(|n| by_url(&format!("i{n:02}"))).collect());
    let list = |page, per_page| {
        w.ok(&ListInputs { user_app_id: scope(), page, per_page, ..Default::default() })
            .inputs
            .into_iter()
            .map(|i| i.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(list(0, 0).len(), 20);
    assert_eq!(list(3, 10), ["i20", "i21", "i22", "i23", "i24"]);
    assert!(list(4, 10).is_empty());
    let some = w.ok(&ListInputs {
        user_app_id: scope(),
        ids: vec!["i03".into(), "none".into(), "i01".into()],
        ..Default::default()
    });
    assert_eq!(some.inputs.len(), 2);
    let pending = Some(Status { code: StatusCode::INPUT_PENDING, ..Status::default() });
    assert!(w.ok(&ListInputs { user_app_id: scope(), status: pending, ..Default::default() }).inputs.is_empty());
    let (mut seen, mut last) = (Vec::new(), String::new());
    loop {
        let page =
            w.ok(&StreamInputs { user_app_id: scope(), per_page: 7, last_id: last, ..Default::default() }).inputs;
        let Some(end) = page.last() else { break };
        last = end.id.clone();
        seen.extend(page.into_iter().map(|i| i.id));
        if seen.len() == 7 {
            // The place is kept when the input that marked it is gone.
            w.ok(&DeleteInput { user_app_id: scope(), input_id: last.clone() });
        }
    }
    assert_eq!(seen.len(), 25);
    w.ok(&DeleteInputs { user_app_id: scope(), ids: vec![] });
    w.ok(&DeleteInputs { user_app_id: scope(), ids: vec!["i00".into(), "gone".into()] });
    assert_eq!(w.refused(&GetInput { user_app_id: scope(), input_id: "i00".into() }).0, 11101);
    assert_eq!(w.ok(&GetInputCount { user_app_id: scope() }).counts.unwrap().processed, 23);
}

#[test]
fn labels_on_a_posted_input_make_concepts_and_count() {
    let w = World::new();
    let mut input = by_url("a");
    input.data.as_mut().unwrap().concepts = vec![
        Concept { id: "yes".into(), ..Concept::default() },
        Concept { id: "no".into(), value: ConceptValue(0.0), ..Concept::default() },
    ];
    post(&w, vec![input]);
    let shown = w.ok(&GetInput { user_app_id: scope(), input_id: "a".into() }).input.unwrap().data.unwrap().concepts;
    assert_eq!(shown.iter().map(|c| (c.id.as_str(), c.value.0)).collect::<Vec<_>>(), [("yes", 1.0), ("no", 0.0)]);
    let counts = w.ok(&GetConceptCounts { user_app_id: scope(), ..Default::default() }).concept_counts;
    let of = |id: &str| counts.iter().find(|c| c.id == id).unwrap().concept_type_count.clone().unwrap();
    assert_eq!((of("yes").positive, of("yes").negative, of("no").positive, of("no").negative), (1, 0, 0, 1));
}

#[test]
fn everything_that_is_said_of_an_input_is_kept() {
    let w = World::new();
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![Dataset { id: "d".into(), ..Dataset::default() }] });
    let bytes = std::fs::read(testdata("indoor85/images/indoor_001.jpg")).unwrap();
    let image = Some(Image { base64: Base64(bytes), ..Image::default() });
    post(
        &w,
        vec![Input { id: "first".into(), data: Some(Box::new(Data { image, ..Data::default() })), ..Input::default() }],
    );
    let first = w.ok(&GetInput { user_app_id: scope(), input_id: "first".into() }).input.unwrap();
    let url = first.data.unwrap().image.unwrap().url;

    let bounding_box = Some(BoundingBox { top_row: 0.1, left_col: 0.1, bottom_row: 0.2, right_col: 0.2 });
    let region = Region {
        region_info: Some(RegionInfo { bounding_box, ..RegionInfo::default() }),
        data: Some(Box::new(Data {
            concepts: vec![Concept { name: "A Chair".into(), ..Concept::default() }],
            ..Data::default()
        })),
        ..Region::default()
    };
    let data = Data {
        image: Some(Image { url: url.clone(), ..Image::default() }),
        text: Some(Text { raw: "a room".into(), ..Text::default() }),
        regions: vec![region],
        metadata: serde_json::json!({"deep": {"list": [1.0, null]}}).as_object().cloned(),
        geo: Some(Geo { geo_point: Some(GeoPoint { longitude: -30.0, latitude: 40.0 }), ..Geo::default() }),
        ..Data::default()
    };
    let sent = Input {
        id: "ü x".into(),
        data: Some(Box::new(data.clone())),
        dataset_ids: vec!["d".into()],
        ..Input::default()
    };
    post(&w, vec![sent]);
    let got = w.ok(&GetInput { user_app_id: scope(), input_id: "ü x".into() }).input.unwrap();
    assert_eq!(got.status.unwrap().code, StatusCode::INPUT_SUCCESS);
    let got = *got.data.unwrap();
    assert_eq!(got.image.as_ref().unwrap().url, url, "the address of a picture that is here means that picture");
    assert_eq!(got.image.unwrap().image_info.unwrap().width, 640);
    assert_eq!((got.text, got.metadata, got.geo), (data.text, data.metadata, data.geo));
    assert!(got.regions.is_empty(), "regions are annotations");
    let annotations =
        w.ok(&ListAnnotations { user_app_id: scope(), input_ids: vec!["ü x".into()], ..Default::default() });
    let region = &annotations.annotations[0].data.as_ref().unwrap().regions[0];
    assert_eq!(region.data.as_ref().unwrap().concepts[0].id, "a-chair");
    assert_eq!(
        w.ok(&ListDatasetInputs { user_app_id: scope(), dataset_id: "d".into(), ..Default::default() })
            .dataset_inputs
            .len(),
        1
    );
}

#[test]
fn a_call_takes_1_to_128_inputs() {
    let w = World::new();
    for count in [0usize, 129] {
        let inputs = (0..count).map(|n| by_url(&n.to_string())).collect();
        let (code, details) = w.refused(&PostInputs { user_app_id: scope(), inputs, ..Default::default() });
        assert!(code == 39999 && details.contains("128"), "{details}");
    }
    post(&w, (0..128).map(|n| by_url(&n.to_string())).collect());
}

#[test]
fn what_is_wrong_with_an_input_is_said() {
    let w = World::new();
    let with = |f: fn(&mut Data)| {
        let mut input = by_url("x");
        f(input.data.as_mut().unwrap());
        input
    };
    let cases = [
        (with(|d| d.image.as_mut().unwrap().url.clear()), 30106, "neither base64 nor a url"),
        (
            with(|d| {
                let geo_point = Some(GeoPoint { longitude: 181.0, latitude: 0.0 });
                d.geo = Some(Geo { geo_point, ..Geo::default() });
            }),
            30104,
            "181 east",
        ),
        (with(|d| d.concepts = vec![Concept::default()]), 40003, "neither id nor name"),
        (with(|d| (d.image, d.text) = (None, Some(Text::default()))), 30104, "neither raw text nor a url"),
        (Input { id: "a/b".into(), ..by_url("") }, 30104, "`/`"),
        (Input { dataset_ids: vec!["none".into()], ..by_url("x") }, 11101, "none"),
    ];
    for (input, code, words) in cases {
        let reply = w.ok(&PostInputs {
            user_app_id: scope(),
            inputs: vec![by_url(&format!("ok{code}{words}").replace('/', "-")), input],
            ..Default::default()
        });
        let status = reply.inputs[1].status.clone().unwrap();
        assert!(status.code.0 == code && status.details.contains(words), "{status:?}");
        assert!(!status.description.is_empty());
    }
    assert_eq!(w.refused(&GetInput { user_app_id: scope(), input_id: "x".into() }).0, 11101);
}

#[test]
fn suffixes_are_counted_up_and_then_drawn() {
    let w = World::new();
    let again = || {
        w.ok(&PostInputs {
            user_app_id: scope(),
            inputs: vec![{
                let mut input = by_url("a");
                input.data.as_mut().unwrap().image.as_mut().unwrap().allow_duplicate_url = true;
                input
            }],
            input_id_conflict_resolution: InputIdConflictResolution::SUFFIX,
            ..Default::default()
        })
        .inputs
        .remove(0)
        .id
    };
    let ids: Vec<String> = (0..12).map(|_| again()).collect();
    assert_eq!((ids[0].as_str(), ids[1].as_str(), ids[9].as_str()), ("a", "a-1", "a-9"));
    assert!(ids[10].len() > "a-10".len() && ids[10] != ids[11]);
}

#[test]
fn the_stream_goes_by_id_both_ways() {
    let w = World::new();
    post(&w, ["b", "d", "a", "c"].map(by_url).into());
    let all = |descending| {
        let (mut seen, mut last_id) = (Vec::new(), String::new());
        loop {
            let op = StreamInputs { user_app_id: scope(), per_page: 3, last_id, order_by_id: true, descending };
            let page = w.ok(&op).inputs;
            let Some(last) = page.last() else { return seen };
            last_id = last.id.clone();
            seen.extend(page.into_iter().map(|i| i.id));
        }
    };
    assert_eq!(all(false), ["a", "b", "c", "d"]);
    assert_eq!(all(true), ["d", "c", "b", "a"]);
}

/// A box of an ISO file.
fn iso(name: &[u8], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes()[..], name, content].concat()
}

/// The head of a video of two seconds with 60 frames of 320 by 240.
fn mp4() -> Vec<u8> {
    let clock =
        |unit: u32, duration: u32| [&[0; 12][..], &unit.to_be_bytes(), &duration.to_be_bytes(), &[0; 80]].concat();
    let header = [&[0; 76][..], &(320u32 << 16).to_be_bytes(), &(240u32 << 16).to_be_bytes()].concat();
    let sizes = iso(b"stsz", &[&[0; 8][..], &60u32.to_be_bytes()].concat());
    let media = [
        iso(b"mdhd", &clock(30_000, 60_000)),
        iso(b"hdlr", &[&[0; 8][..], b"vide", &[0; 12]].concat()),
        iso(b"minf", &iso(b"stbl", &sizes)),
    ]
    .concat();
    let track = [iso(b"tkhd", &header), iso(b"mdia", &media)].concat();
    let movie = [iso(b"mvhd", &clock(1000, 2000)), iso(b"trak", &track)].concat();
    [iso(b"ftyp", b"isom\0\0\0\0"), iso(b"mdat", &[0; 500]), iso(b"moov", &movie)].concat()
}

/// An element of a Matroska file.
fn ebml(id: &[u8], content: &[u8]) -> Vec<u8> {
    [id, &[0x10, (content.len() >> 16) as u8, (content.len() >> 8) as u8, content.len() as u8], content].concat()
}

/// The head of a video of 1.5 seconds at 25 frames a second of 640 by 360.
fn webm() -> Vec<u8> {
    let info = [ebml(&[0x2a, 0xd7, 0xb1], &1_000_000u32.to_be_bytes()), ebml(&[0x44, 0x89], &1500f64.to_be_bytes())];
    let picture = [ebml(&[0xb0], &640u16.to_be_bytes()), ebml(&[0xba], &360u16.to_be_bytes())].concat();
    let track = [ebml(&[0x23, 0xe3, 0x83], &40_000_000u32.to_be_bytes()), ebml(&[0xe0], &picture)].concat();
    let tracks = ebml(&[0x16, 0x54, 0xae, 0x6b], &ebml(&[0xae], &track));
    let segment = [ebml(&[0x15, 0x49, 0xa9, 0x66], &info.concat()), tracks].concat();
    [ebml(&[0x1a, 0x45, 0xdf, 0xa3], &ebml(&[0x42, 0x82], b"webm")), ebml(&[0x18, 0x53, 0x80, 0x67], &segment)].concat()
}

fn video(id: &str, bytes: Vec<u8>) -> Input {
    let video = Some(Video { base64: Base64(bytes), ..Video::default() });
    Input { id: id.into(), data: Some(Box::new(Data { video, ..Data::default() })), ..Input::default() }
}

#[test]
fn videos_tell_what_they_are() {
    let w = World::new();
    let reply = post(&w, vec![video("m", mp4()), video("w", webm())]);
    let info = |n: usize| {
        let shown = reply.inputs[n].data.as_ref().unwrap().video.clone().unwrap();
        assert!(shown.base64.0.is_empty() && shown.url.contains("/orig/"));
        assert_eq!(shown.hosted.unwrap().sizes, ["orig"]);
        let i = shown.video_info.unwrap();
        (i.video_format, i.width, i.height, i.fps, i.frame_count, i.duration_seconds)
    };
    assert_eq!(info(0), ("mp4".into(), 320, 240, 30.0, 60, 2.0));
    assert_eq!(info(1), ("webm".into(), 640, 360, 25.0, 0, 1.5));
    // By the address of a file that is here, it is the same file.
    let url = reply.inputs[0].data.as_ref().unwrap().video.as_ref().unwrap().url.clone();
    let again = Some(Video { url, ..Video::default() });
    let again = Input { data: Some(Box::new(Data { video: again, ..Data::default() })), ..Input::default() };
    let again = post(&w, vec![again]).inputs.remove(0).data.unwrap().video.unwrap();
    assert_eq!(again.video_info.unwrap().frame_count, 60);
}

#[test]
fn headers_that_end_early_or_lie_do_no_harm() {
    let w = World::new();
    let mut inputs = Vec::new();
    for whole in [mp4(), webm()] {
        for cut in (16..whole.len()).step_by(37).take(25) {
            inputs.push(video("", whole[..cut].to_vec()));
            let mut lie = whole.clone();
            lie[cut..(cut + 4).min(whole.len())].fill(0xff);
            inputs.push(video("", lie));
        }
    }
    for batch in inputs.chunks(100) {
        post(&w, batch.to_vec());
    }
}

#[test]
fn media_of_another_kind_are_refused_and_other_parts_are_kept() {
    let w = World::new();
    let jpeg = std::fs::read(testdata("indoor85/images/indoor_001.jpg")).unwrap();
    let mut both = video("both", mp4());
    both.data.as_mut().unwrap().image = Some(Image { url: "http://x/y".into(), ..Image::default() });
    let mut timed = video("timed", mp4());
    let time_info = Some(TimeInfo { begin_time: 0.5, end_time: 1.0, ..TimeInfo::default() });
    timed.data.as_mut().unwrap().time_segments = vec![TimeSegment { id: "t".into(), time_info, data: None }];
    let reply = post(&w, vec![video("jpeg", jpeg), both, timed]);
    let status = |n: usize| reply.inputs[n].status.clone().unwrap();
    assert!(status(0).code == StatusCode::INPUT_UNSUPPORTED_FORMAT && status(0).details.contains("no MP4"));
    assert!(status(1).code == StatusCode::INPUT_INVALID_ARGUMENT && status(1).details.contains("several media"));
    assert_eq!(status(2).code, StatusCode::INPUT_SUCCESS);
    let op = ListAnnotations { user_app_id: scope(), input_ids: vec!["timed".into()], ..Default::default() };
    let kept = w.ok(&op).annotations.remove(0);
    assert!(kept.input_level && kept.data.unwrap().time_segments[0].id == "t");
}

#[test]
fn recordings_tell_what_they_are() {
    let w = World::new();
    // STREAMINFO alone: 16 bits, two channels, 44.1 kHz, 88,200 samples.
    let mut flac = b"fLaC\x80\0\0\x22\x10\0\x10\0\0\0\0\0\0\0".to_vec();
    flac.extend((44_100u64 << 44 | 1 << 41 | 15 << 36 | 0x1_5888).to_be_bytes());
    flac.extend([0; 16]);
    // Frames of MPEG 1 layer 3 at 128 kbit/s and 44.1 kHz are 417 bytes long.
    let frame = [&[0xff, 0xfb, 0x90, 0x00][..], &[0; 413]].concat();
    let mp3 = frame.repeat(50);
    let audio = |bytes: Vec<u8>| {
        let audio = Some(Audio { base64: Base64(bytes), ..Audio::default() });
        Input { data: Some(Box::new(Data { audio, ..Data::default() })), ..Input::default() }
    };
    let reply = post(&w, vec![audio(flac), audio(mp3), audio(mp4())]);
    let info = |n: usize| reply.inputs[n].data.as_ref().unwrap().audio.clone().unwrap().audio_info.unwrap();
    assert_eq!((info(0).audio_format.as_str(), info(0).sample_rate, info(0).duration_seconds), ("flac", 44_100, 2.0));
    assert_eq!((info(1).audio_format.as_str(), info(1).sample_rate, info(1).bit_rate), ("mpeg", 44_100, 128_000));
    assert!((info(1).duration_seconds - 1.3).abs() < 0.05, "{}", info(1).duration_seconds);
    assert_eq!(info(2).audio_format, "mp4");
}

#[test]
fn deletion_takes_along_annotations_memberships_and_counts() {
    let w = World::new();
    w.ok(&PostDatasets { user_app_id: scope(), datasets: vec![Dataset { id: "d".into(), ..Dataset::default() }] });
    let inputs = ["a", "b", "c"].map(|id| {
        let mut input = Input { dataset_ids: vec!["d".into()], ..by_url(id) };
        input.data.as_mut().unwrap().concepts = vec![Concept { id: "cat".into(), ..Concept::default() }];
        input
    });
    post(&w, inputs.into());
    w.ok(&DeleteInputs { user_app_id: scope(), ids: vec!["a".into(), "a".into(), "b".into()] });
    assert_eq!(w.ok(&GetInputCount { user_app_id: scope() }).counts.unwrap().processed, 1);
    let members = ListDatasetInputs { user_app_id: scope(), dataset_id: "d".into(), ..Default::default() };
    assert_eq!(w.ok(&members).dataset_inputs.len(), 1);
    let annotations = ListAnnotations { user_app_id: scope(), ..Default::default() };
    assert_eq!(w.ok(&annotations).annotations.len(), 1);
    let positive = || {
        let op = GetConceptCounts { user_app_id: scope(), ..Default::default() };
        w.ok(&op).concept_counts[0].concept_type_count.as_ref().unwrap().positive
    };
    assert_eq!(positive(), 1);
    w.ok(&DeleteAnnotations { user_app_id: scope(), input_ids: vec!["c".into()], ids: vec![] });
    assert_eq!(positive(), 0);
    // The id is free again, and nothing of the old input clings to it.
    let again = post(&w, vec![by_url("a")]).inputs.remove(0);
    assert!(again.data.unwrap().concepts.is_empty());
    assert_eq!(w.refused(&DeleteInput { user_app_id: scope(), input_id: "b".into() }).0, 11101);
}
