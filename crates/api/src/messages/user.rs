//! People.

use super::{Image, Visibility};
use crate::wire::{Struct, Timestamp, message, open_enum, reply};

message! {
    /// A person or an organisation that owns apps.
    pub struct User {
        id: String,
        primary_email: String,
        first_name: String,
        last_name: String,
        company_name: String,
        job_title: String,
        job_role: String,
        intention: String,
        referral_source: String,
        bill_type: String,
        created_at: Option<Timestamp>,
        date_gdpr_consent: Option<Timestamp>,
        date_tos_consent: Option<Timestamp>,
        date_marketing_consent: Option<Timestamp>,
        date_pii_consent: Option<Timestamp>,
        metadata: Option<Struct>,
        email_addresses: Vec<EmailAddress>,
        two_factor_auth_enabled: bool,
        teams_count: u32,
        is_starred: bool,
        star_count: i32,
        visibility: Option<Visibility>,
        user_detail: Option<Box<UserDetail>>,
        image: Option<Image>,
    }
}

message! {
    /// What only the user sees of themselves.
    pub struct UserDetail {
        primary_email: String,
        bill_type: String,
        date_gdpr_consent: Option<Timestamp>,
        date_tos_consent: Option<Timestamp>,
        date_marketing_consent: Option<Timestamp>,
        date_pii_consent: Option<Timestamp>,
        metadata: Option<Struct>,
        email_addresses: Vec<EmailAddress>,
        two_factor_auth_enabled: bool,
        teams_count: u32,
        country: String,
        state: String,
        commitment_value: Option<CommitmentValue>,
        phone_verified: bool,
    }
}

open_enum! {
    /// How long a commitment runs.
    pub enum CommitmentType {
        TYPE_NOT_SET = 0,
        MONTHLY = 1,
        ANNUAL = 2,
    }
}

message! {
    /// What a user has committed themselves to.
    pub struct CommitmentValue {
        value: i32,
        r#type: CommitmentType,
    }
}

message! {
    /// An e-mail address of a user.
    pub struct EmailAddress {
    }
    always {
        email: String,
        primary: bool,
        verified: bool,
    }
}

reply! {
    /// One user.
    pub struct SingleUserResponse {
        user: Option<User>,
    }
}
