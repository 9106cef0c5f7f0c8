// Appointments in conversations: the booking of one has an id and a token made from the visitor's,
// so that a crash, a repetition or another tab finds the same one.
#pragma once

#include "api/appointments.hpp"
#include "api/turns.hpp"

namespace parvis::api {

// Adds what appointments need to `forms`. appointing outlives what is given.
Forms with_bookings(Forms forms, const Appointing& appointing, ServiceOf service_of);

// Of the number-th appointment of a conversation.
appointment::Appointments::Mine booking_of(const Visit& visit, int number);
// Of the entry of the waiting list that has this number.
appointment::Appointments::Mine waiting_of(const Visit& visit, int number);

}  // namespace parvis::api
